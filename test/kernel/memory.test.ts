import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidInput } from '../../src/errors.js';
import { freeMemories, instantiateKernel, openMemory } from '../../src/kernel/instantiate.js';
import { kernelModule } from '../../src/kernel/load.js';
import { KernelMemory, scratchBytes } from '../../src/kernel/memory.js';

const HEAP_BASE = { __heap_base: { value: 1000 } };

for (const shared of [false, true]) {
  describe(`kernel memory, ${shared ? 'shared' : 'plain'}`, () => {
    const open = (maximum = 65536) =>
      new KernelMemory(new WebAssembly.Memory({ initial: 1, maximum, shared }), HEAP_BASE);

    it('hands out aligned, disjoint ranges above the heap base', () => {
      const request = fc.tuple(fc.integer({ min: 0, max: 5000 }), fc.constantFrom(1, 4, 8, 16, 64, 4096));
      fc.assert(
        fc.property(fc.array(request, { maxLength: 30 }), (requests) => {
          const memory = open();
          let end = HEAP_BASE.__heap_base.value;
          for (const [bytes, alignment] of requests) {
            const address = memory.allocate(bytes, alignment);
            expect(address % alignment).toBe(0);
            expect(address).toBeGreaterThanOrEqual(end);
            expect(address - end).toBeLessThan(alignment);
            end = address + bytes;
            expect(memory.memory.buffer.byteLength).toBeGreaterThanOrEqual(end);
          }
        }),
        { numRuns: 30 },
      );
    });

    it('aligns to 16 bytes unless told otherwise', () => {
      const memory = open();
      memory.allocate(3);
      expect(memory.allocate(1) % 16).toBe(0);
    });

    it('keeps contents while it grows, and shows them in fresh views', () => {
      const memory = open();
      const first = memory.allocate(64);
      const stale = memory.f32;
      memory.f32.set([1.5, 2.5], first / 4);
      memory.allocate(10_000_000);
      expect(memory.f32 === stale).toBe(false);
      expect([...memory.f32.subarray(first / 4, first / 4 + 2)]).toEqual([1.5, 2.5]);
      for (const view of [memory.f32, memory.f64, memory.u32, memory.i32]) {
        expect(view.buffer).toBe(memory.memory.buffer);
        expect(view.byteLength).toBe(memory.memory.buffer.byteLength);
      }
      expect(memory.u32[first / 4]).toBe(0x3fc00000); // 1.5
      expect(memory.i32[first / 4]).toBe(0x3fc00000);
    });

    it('returns the same view until it grows', () => {
      const memory = open();
      expect(memory.f64).toBe(memory.f64);
    });

    it('grows seldom when asked for little many times', () => {
      const memory = open();
      const sizes = new Set<number>();
      for (let i = 0; i < 20_000; i++) {
        memory.allocate(1000);
        sizes.add(memory.memory.buffer.byteLength);
      }
      expect(sizes.size).toBeLessThan(25); // 1.5^16 > 20 MB / 64 KiB
    });

    it('gives released memory out again', () => {
      const memory = open();
      memory.allocate(100);
      const mark = memory.mark();
      const address = memory.allocate(100);
      memory.allocate(5000);
      memory.release(mark);
      expect(memory.allocate(100)).toBe(address);
    });

    it('asks for less data when 4 GiB are not enough, and stays usable', () => {
      const memory = open();
      memory.allocate(1000);
      const mark = memory.mark();
      expect(() => memory.allocate(5 * 2 ** 30)).toThrow(InvalidInput);
      expect(() => memory.allocate(5 * 2 ** 30)).toThrow(/need 5\.00 GiB of memory; kernel memory ends at 4 GiB/);
      expect(memory.mark()).toBe(mark);
      expect(memory.allocate(10)).toBe(2016); // 1008 + 1000, aligned
    });

    it('takes what there is when generous growth is refused, and complains when there is nothing', () => {
      const memory = open(10);
      expect(memory.allocate(9 * 65536)).toBe(1008);
      expect(() => memory.allocate(65536)).toThrow(/which could not be had/);
    });
  });
}

describe('instantiateKernel', () => {
  it('reports a heap base above its tables', () => {
    const memory = openMemory();
    const kernel = instantiateKernel(kernelModule(), memory);
    const base = kernel.__heap_base.value;
    const bytes = new Uint8Array(memory.buffer);
    expect(base).toBeGreaterThan(0);
    expect(bytes.subarray(0, base).some((byte) => byte !== 0)).toBe(true);
    expect(bytes.subarray(base).every((byte) => byte === 0)).toBe(true);
    expect(new KernelMemory(memory, kernel).allocate(8)).toBeGreaterThanOrEqual(base);
  });
});

describe('freeMemories', () => {
  it('has the engine free large memories that nobody uses any more', async () => {
    const opened: WeakRef<WebAssembly.Memory>[] = [];
    for (let i = 0; i < 60; i++) {
      freeMemories();
      opened.push(new WeakRef(openMemory(16 * 16)));
      await setTimeout(5);
    }
    // Beside those that have come since it last looked: 4 of 16 MiB have it look again.
    expect(opened.filter((memory) => memory.deref() !== undefined).length).toBeLessThan(40);
  });
});

describe('scratchBytes', () => {
  it('counts 80 bytes per group of a sparse row', () => {
    expect(scratchBytes({ form: 'sparse', head: [] }, 1, 7)).toBe(560);
  });
  it('counts four arrays of a dense row, and the maxima of four lanes', () => {
    expect(scratchBytes({ form: 'dense', width: 32 }, 1)).toBe(512 + 16);
  });
  it('adds two padded arrays of the outputs, and what is kept of a dense row for each output', () => {
    expect(scratchBytes({ form: 'sparse', head: [] }, 5, 2)).toBe(160 + 64);
    expect(scratchBytes({ form: 'dense', width: 16 }, 4)).toBe(4 * 16 * (2 + 2 * 4) + 32 + 4 * 32);
  });
});
