import { type Input, rowsInput } from '../../src/datasource/input.js';
import { type DataRecord, rowsOfRecords } from '../../src/datasource/records.js';
import type { Environment, PlaceResources } from '../../src/environment.js';
import { kernelModule } from '../../src/kernel/load.js';
import { encodeModel } from '../../src/model/file.js';
import { nodeResources } from '../../src/threads/resources.js';
import { type TrainModelOptions, trainModelIn } from '../../src/train-model.js';
import { randomNumbers } from '../kernel/observations.js';

/** Node, but for how it decides on threads and the like; data are records. */
export function environmentWith(resources: Partial<PlaceResources>): Environment {
  return {
    module: kernelModule(),
    openInput: async (data): Promise<Input> => rowsInput(rowsOfRecords(data as DataRecord[]), 'records'),
    readText: async () => undefined,
    writeWhole: async () => {},
    resources: { ...nodeResources, ...resources },
  };
}

/** Threads for every training of more than one shard. */
export const eager = environmentWith({ leastThreadedBytes: 0 });

/** The bytes of the model file, in hexadecimal digits of their checksum line and as text. */
export async function modelFile(options: TrainModelOptions, environment: Environment = eager): Promise<Buffer> {
  const model = await trainModelIn(environment, options);
  return Buffer.from(await encodeModel(model.state));
}

export interface Row extends Record<string, string | number | null> {
  readonly w: number;
  readonly x: number;
  readonly z: number | null;
  readonly colour: string;
  readonly text: string;
  readonly sold: number;
  readonly kind: string;
  readonly size: number;
}

/** Rows with a noisy target of each type, weights, missing values, a rare category each 50 rows and texts of any length. */
export function makeRows(count: number, seed = 1): Row[] {
  const random = randomNumbers(seed);
  return Array.from({ length: count }, (_, i) => {
    const x = random() * 4 - 2;
    const colour = i % 50 === 7 ? `rare ${i % 1000}` : ['red', 'green', 'blue'][Math.floor(random() * 3)];
    const words = Array.from(
      { length: Math.floor(random() * random() * 12) },
      () => `w${Math.floor(300 * random() ** 3)}`,
    );
    const margin = x + (colour === 'red' ? 1 : 0) + (words.includes('w3') ? 1 : 0) + 3 * (random() - 0.5);
    return {
      w: 1 + Math.floor(random() * 3),
      x,
      z: random() < 0.1 ? null : 1000 + 10 * random() + x,
      colour,
      text: words.join(' '),
      sold: +(margin > 0.3),
      kind: margin < -0.5 ? 'low' : margin > 0.7 ? 'high' : 'middle',
      size: 5 * margin,
    };
  });
}

const ATTRIBUTES = { w: 'NUMERIC', x: 'NUMERIC', z: 'NUMERIC', colour: 'CATEGORICAL', text: 'TEXT' };
export const TARGETS = { sold: 'BINARY', kind: 'CATEGORICAL', size: 'NUMERIC' } as const;
export type Target = keyof typeof TARGETS;

/** The schema of such rows with one of the targets; the others are left out. */
export function schemaOf(target: Target, rowWeight: 'w' | null): object {
  const attributes = Object.entries({ ...ATTRIBUTES, ...TARGETS });
  const others = Object.keys(TARGETS).filter((name) => name !== target);
  return {
    version: '1.0',
    rowWeight,
    targetAttributeName: target,
    dataFormat: 'CSV',
    dataFileContainsHeader: true,
    attributes: attributes.map(([attributeName, attributeType]) => ({ attributeName, attributeType })),
    excludedAttributeNames: rowWeight === null ? [...others, 'w'] : others,
  };
}

/** Sparse rows of ones, sparse rows with values, dense rows. */
export const RECIPES = {
  ones: { outputs: ['colour', 'text', 'quantile_bin(x,10)', 'quantile_bin(z,10)'] },
  valued: { outputs: ['colour', 'text', 'x', 'z'] },
  dense: { outputs: ['x', 'z'] },
} as const;
