import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { HeldOutRows } from '../../src/training/held-out.js';

const module = new WebAssembly.Module(readFileSync('build/kernel.wasm'));

/** Sparse records of target 1 or -1, weight 1, the bias and features, padded with 0. */
function records(rows: readonly { target: number; features: readonly number[] }[]) {
  const floats = new Float32Array(8 * rows.length);
  const words = new Uint32Array(floats.buffer);
  const starts = Uint32Array.from(rows, (_, i) => 8 * i);
  rows.forEach(({ target, features }, i) => {
    floats[8 * i] = target;
    words[8 * i + 1] = 1;
    floats[8 * i + 2] = 1;
    words.set([1, ...features], 8 * i + 4);
  });
  return { words, starts };
}

it('held-out rows lose features as those that are learned from do', () => {
  const held = new HeldOutRows(module, { form: 'sparse', head: [] }, 'BINARY', 1, 5);
  held.add(
    records([
      { target: 1, features: [2, 3, 4] },
      { target: -1, features: [2, 4] },
      { target: 1, features: [] },
    ]),
  );
  // By hand: margins 0.5 - 1, 0.5 and 0.5.
  const logistic = (margin: number): number => Math.log1p(Math.exp(-margin));
  const expected = (logistic(0.5 - 1) + logistic(-0.5) + logistic(0.5)) / 3;
  expect(held.loss(Float64Array.of(0, 0.5, 0, -1, 0))).toBeCloseTo(expected, 6);
  held.renumber(Uint32Array.of(0, 1, 0, 2, 0), 3);
  expect(held.loss(Float64Array.of(0, 0.5, -1))).toBeCloseTo(expected, 6);
  expect(held.rowCount).toBe(3);
});
