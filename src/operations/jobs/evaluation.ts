import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeWhole } from '../../datasource/files.js';
import { InvalidInput } from '../../errors.js';
import { performanceMetrics } from '../../evaluation/evaluation.js';
import type { Entity } from '../../store/entity.js';
import { evaluationPath } from '../paths.js';
import type { Message } from '../service.js';
import { loadKept } from './load-kept.js';
import { observations, type WorkContext, withDataSource } from './work.js';

/** Score the data source and compare with its targets; all figures go into a file, the service's one into the object. */
export async function evaluateModel(entity: Entity, context: WorkContext): Promise<Message> {
  const { MLModelId, EvaluationDataSourceId } = entity.request as { MLModelId: string; EvaluationDataSourceId: string };
  const { home, signal, progress } = context;
  const model = await loadKept(MLModelId, context);
  return withDataSource(EvaluationDataSourceId, context, async ({ data, schema, rearrangement }) => {
    const target = model.state.targetAttributeName;
    if (schema.targetAttributeName !== target) {
      const found = schema.targetAttributeName === null ? 'names no target' : `has '${schema.targetAttributeName}'`;
      throw new InvalidInput(
        `the model predicts '${target}', and the schema of the data source '${EvaluationDataSourceId}' ${found}`,
        { hint: `set targetAttributeName to '${target}' in the schema, and create another data source with it` },
      );
    }
    const onRead = (count: number): void => progress(`${observations(count)} scored`);
    const evaluation = await model.evaluate(data.path, { schema, rearrangement, signal, onRead });
    const Properties = performanceMetrics(evaluation);
    if (Object.keys(Properties).length === 0) {
      throw new InvalidInput(`all observations have the same '${target}', for which there is no AUC`, {
        hint: 'evaluate on data with both answers',
      });
    }
    const path = evaluationPath(home, entity.id);
    await mkdir(dirname(path), { recursive: true });
    await writeWhole(path, [JSON.stringify(evaluation)]);
    return { PerformanceMetrics: { Properties } };
  });
}
