import { parseSchema } from '../schema/parse.js';
import type { ModelState } from './state.js';
import { outputCount, type TargetScale } from './target.js';

/**
 * Check that the parts of a model that was read fit together.
 *
 * @throws Error saying which part does not
 */
export function checkState(state: ModelState): void {
  const { schema, target, recipe, features, outputs, weights, featureShares, scoreThreshold, training } = state;
  const { attributes } = parseSchema(schema, 'schema');
  const names = new Set(attributes.map(({ attributeName }) => attributeName));
  if (!names.has(state.targetAttributeName)) throw new Error(`no target '${state.targetAttributeName}' in the schema`);
  checkTarget(target);
  if (outputs !== outputCount(target)) throw new Error(`${outputs} outputs for ${outputCount(target)}`);
  if (!Array.isArray(recipe?.outputs)) throw new Error('no recipe');
  const kinds = recipe.outputs.map(({ kind }) => kind).join();
  const featureKinds = features.outputs.map(({ kind }) => kind).join();
  if (kinds !== featureKinds) throw new Error(`recipe of ${kinds} with features of ${featureKinds}`);
  if (!weights.every(Number.isFinite) || !featureShares.every(Number.isFinite))
    throw new Error('a weight is not a number');
  if (!(scoreThreshold >= 0 && scoreThreshold <= 1)) throw new Error(`score threshold ${scoreThreshold}`);
  if (!Array.isArray(training?.passes)) throw new Error('no record of the training');
  for (const { pass, loss, heldOutLoss = 0 } of training.passes) {
    if (!Number.isInteger(pass) || ![loss, heldOutLoss].every(Number.isFinite)) throw new Error(`pass ${pass}`);
  }
}

function checkTarget(target: TargetScale | undefined): void {
  const isShare = (share: unknown): boolean => typeof share === 'number' && share >= 0 && share <= 1;
  switch (target?.type) {
    case 'BINARY':
      if (!isShare(target.positiveShare)) throw new Error(`positive share ${target.positiveShare}`);
      return;
    case 'MULTICLASS':
      if (!target.classes.every((name) => typeof name === 'string') || !target.shares.every(isShare))
        throw new Error('classes');
      if (target.classes.length !== target.shares.length) throw new Error('classes and shares differ in number');
      return;
    case 'REGRESSION':
      if (!Number.isFinite(target.mean) || !(target.standardDeviation > 0))
        throw new Error('mean or deviation of the target');
      return;
    default:
      throw new Error('no target');
  }
}
