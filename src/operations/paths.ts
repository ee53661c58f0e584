import { join } from 'node:path';
import type { EntityKind } from '../store/entity.js';

/** Where a model with an id is kept. */
export function modelPath(home: string, id: string): string {
  return join(home, 'models', `${id}.model`);
}

/** Where the statistics of a data source are kept, as JSON. */
export function statisticsPath(home: string, id: string): string {
  return join(home, 'statistics', `${id}.json`);
}

/** Where all figures of an evaluation are kept, as JSON. */
export function evaluationPath(home: string, id: string): string {
  return join(home, 'evaluations', `${id}.json`);
}

const RESULTS: Readonly<Partial<Record<EntityKind, (home: string, id: string) => string>>> = {
  DataSource: statisticsPath,
  MLModel: modelPath,
  Evaluation: evaluationPath,
};

/** The file that the work on an object writes into the home folder. */
export function resultPath(home: string, kind: EntityKind, id: string): string | undefined {
  return RESULTS[kind]?.(home, id);
}
