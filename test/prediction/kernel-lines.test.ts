import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kernelModule } from '../../src/kernel/load.js';
import { KernelLines } from '../../src/prediction/kernel-lines.js';
import { LineWriter } from '../../src/prediction/lines.js';

/** Scores of every size, halves between two texts, and some that only the host can write. */
const scoresOf = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.float({ noNaN: true }),
  fc.double(),
  fc
    .integer({ min: 1, max: 9_999_999 })
    .chain((digits) => fc.integer({ min: -20, max: 20 }).map((e) => digits * 10 ** e)),
  fc.constantFrom(0, -0, 1, -1, 2 ** -11, 9.9999995, 1e-16, 1e16, 0.1 + 1e-12, 999999.95),
);

function plainLines(
  scores: readonly number[],
  outputs: number,
  labels: readonly number[] | undefined,
  cutOff?: number,
) {
  const lines = new LineWriter(outputs + 2);
  for (let row = 0; row * outputs < scores.length; row++) writeRow(lines, row);
  return { text: lines.take(), writeRow };

  function writeRow(to: LineWriter, row: number): void {
    if (labels !== undefined) to.bit(labels[row]);
    if (cutOff !== undefined) to.bit(scores[row * outputs] >= cutOff ? 1 : 0);
    for (let k = 0; k < outputs; k++) to.score(scores[row * outputs + k]);
    to.endLine();
  }
}

describe('lines written by the kernel', () => {
  for (const outputs of [1, 3]) {
    it(`are those of LineWriter, ${outputs} outputs`, () => {
      const kernelLines = new KernelLines(outputs, kernelModule());
      const rowsOf = fc.array(fc.array(scoresOf, { minLength: outputs, maxLength: outputs }), { maxLength: 40 });
      fc.assert(
        fc.property(
          rowsOf,
          fc.boolean(),
          fc.boolean(),
          fc.infiniteStream(fc.nat(2)),
          (rows, labelled, answers, bits) => {
            const scores = rows.flat();
            const labels = labelled ? rows.map(() => bits.next().value!) : undefined;
            const cutOff = answers ? 0.5 : undefined;
            const plain = plainLines(scores, outputs, labels, cutOff);
            const lines = new LineWriter(outputs + 2);
            kernelLines.write(
              Float64Array.from(scores),
              labels && Uint8Array.from(labels),
              cutOff,
              (bytes) => lines.append(bytes),
              (row) => plain.writeRow(lines, row),
            );
            expect(lines.take()).toBe(plain.text);
          },
        ),
        { numRuns: 2000 },
      );
    });
  }

  it('leaves few scores to the host', () => {
    const scores = Float64Array.from({ length: 5000 }, (_, i) => 1 / (1 + Math.exp(i / 250 - 10)));
    scores[1500] = Number.NaN;
    const left: number[] = [];
    let lineCount = 0;
    const count = (bytes: Uint8Array): void => {
      lineCount += bytes.filter((byte) => byte === 10).length;
    };
    new KernelLines(1, kernelModule()).write(scores, undefined, 0.5, count, (row) => left.push(row));
    expect(left).toContain(1500);
    expect(left.length).toBeLessThan(10);
    expect(lineCount).toBe(5000 - left.length);
  });
});
