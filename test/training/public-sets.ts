import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { TrainModelOptions } from '../../src/node.js';

export const RECIPES = {
  z: ['ALL_NUMERIC', 'ALL_CATEGORICAL', 'ALL_BINARY'],
  q: ['quantile_bin(ALL_NUMERIC,50)', 'ALL_CATEGORICAL', 'ALL_BINARY'],
  words: ['lowercase(ALL_TEXT)'],
  pairs: ['ngram(lowercase(ALL_TEXT),2)'],
} as const;

/** Observations to learn from and others to measure on; what is a stream begins anew each time it is asked for. */
export interface Task {
  readonly name: string;
  readonly options: Pick<TrainModelOptions, 'data' | 'evaluationData' | 'schema' | 'recipe'>;
}

/** The target of a line of a set that has it in its last column, or in its first. */
export const targetLast = (line: string): string => line.slice(line.lastIndexOf(',') + 1);
export const targetFirst = (line: string): string => line.slice(0, line.indexOf(','));

/** A set with the split of its notes, under one of the recipes; undefined when its folder is not there. */
export function publicTask(
  folder: string,
  set: string,
  recipe: keyof typeof RECIPES,
  sortedBy?: (line: string) => string,
): Task | undefined {
  const place = join(folder, set);
  if (!existsSync(place)) return undefined;
  const plain = join(place, 'data.csv');
  const text = existsSync(plain) ? readFileSync(plain) : gunzipSync(readFileSync(`${plain}.gz`));
  const [header, ...lines] = text.toString().trimEnd().split('\n');
  const { rule, train_rows } = JSON.parse(readFileSync(join(place, 'split.json'), 'utf8'));
  const isLearned = (i: number): boolean => (rule === 'first' ? i < train_rows : i % 10 < 7);
  const learned = lines.filter((_, i) => isLearned(i));
  if (sortedBy) learned.sort((a, b) => (sortedBy(a) < sortedBy(b) ? -1 : Number(sortedBy(a) > sortedBy(b))));
  const others = lines.filter((_, i) => !isLearned(i));
  return {
    name: `${set} ${recipe}`,
    get options() {
      return {
        data: stream([header, ...learned, '']),
        evaluationData: stream([header, ...others, '']),
        schema: join(place, 'data.schema'),
        recipe: { outputs: RECIPES[recipe] },
      };
    },
  };
}

async function* stream(lines: readonly string[]): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(lines.join('\n'));
}
