import type { Kernel } from './kernel.js';
import { type Bytes, denseRows, type Row, sparseRows } from './reference-rows.js';

type CurvatureKernels = Pick<Kernel, 'secondDerivatives' | 'curvatureAlong' | 'countSparse' | 'countDense'>;

/** What is asked of a sample of rows, in plain TypeScript. */
export function curvatureKernels(memory: Bytes): CurvatureKernels {
  const weightsOf = (rows: number, rowCount: number, toWeight: number): number[] => {
    const f32 = new Float32Array(memory.buffer);
    return [...new Uint32Array(memory.buffer, rows, rowCount)].map((row) => f32[(row + toWeight) / 4]);
  };
  const arraysOf = (address: number, rowCount: number, outputs: number): Float64Array[] =>
    Array.from({ length: rowCount }, (_, i) => new Float64Array(memory.buffer, address + 8 * outputs * i, outputs));
  const count = (rows: Iterable<Row>, counts: number): void => {
    const u32 = new Uint32Array(memory.buffer);
    for (const { features, values } of rows) {
      features.forEach((feature, i) => {
        if (values[i] !== 0) u32[counts / 4 + feature]++;
      });
    }
  };
  return {
    secondDerivatives(logistic, rows, rowCount, toWeight, outputs, margins) {
      const weights = weightsOf(rows, rowCount, toWeight);
      arraysOf(margins, rowCount, outputs).forEach((row, i) => {
        row.set(curvatures(Boolean(logistic), row).map((h) => weights[i] * h));
      });
    },
    curvatureAlong(logistic, rows, rowCount, toWeight, outputs, margins, moves) {
      const weights = weightsOf(rows, rowCount, toWeight);
      const along = arraysOf(moves, rowCount, outputs);
      return arraysOf(margins, rowCount, outputs).reduce(
        (sum, row, i) => sum + weights[i] * quadraticForm(Boolean(logistic), row, along[i]),
        0,
      );
    },
    countSparse: (rows, rowCount, head, counts) => count(sparseRows(memory, rows, rowCount, head), counts),
    countDense: (rows, rowCount, width, counts) => count(denseRows(memory, rows, rowCount, width), counts),
  };
}

function softmax(margins: Float64Array): Float64Array {
  const top = Math.max(...margins);
  const powers = margins.map((m) => Math.exp(m - top));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((e) => e / sum);
}

/** Probabilities of the outputs; one output has those of a class and its opposite. */
function probabilities(margins: Float64Array): Float64Array {
  return margins.length > 1 ? softmax(margins) : softmax(Float64Array.of(margins[0], 0)).subarray(0, 1);
}

function curvatures(logistic: boolean, margins: Float64Array): Float64Array {
  if (margins.length === 1 && !logistic) return Float64Array.of(1);
  return probabilities(margins).map((p) => p * (1 - p));
}

/** u' H u, H = diag(p) - p p' */
function quadraticForm(logistic: boolean, margins: Float64Array, u: Float64Array): number {
  if (margins.length === 1 && !logistic) return u[0] ** 2;
  const p = probabilities(margins);
  let sum = 0;
  p.forEach((a, i) => {
    p.forEach((b, j) => {
      sum += (i === j ? a * (1 - a) : -a * b) * u[i] * u[j];
    });
  });
  return sum;
}
