import type { Centres, Form, Known } from './provisional-rows.js';
import { isPrecise } from './provisional-scale.js';

/** z = (x + centre - mean) / deviation. */
export interface Correction {
  readonly centre: number;
  readonly mean: number;
  readonly deviation: number;
}

/** What brings provisional rows to their final scale. */
export interface Corrections {
  /** Absent: targets stay as they are. */
  readonly target: Correction | undefined;
  /** By output; undefined for what is no number, and for a constant, which has no feature. */
  readonly outputs: readonly (Correction | undefined)[];
}

/** @returns undefined where precision would be lost, or rows will have another form */
export function correctionsOf({ outputs, targetCentre, layout }: Form, known: Known): Corrections | undefined {
  const { scale, targetStatistics, encoder, recipe } = known;
  if (encoder.layout.form !== layout.form) return undefined;
  if (encoder.layout.form === 'dense' && layout.form === 'dense' && encoder.layout.width !== layout.width)
    return undefined;
  let target: Correction | undefined;
  if (scale.type === 'REGRESSION') {
    const { mean, standardDeviation: deviation } = scale;
    const isConstant = targetStatistics.type === 'REGRESSION' && targetStatistics.variance === 0;
    if (isConstant || !isPrecise(targetCentre, mean, deviation)) return undefined;
    target = { centre: targetCentre, mean, deviation };
  }
  const numbers: (Correction | undefined)[] = [];
  for (const [i, output] of recipe.outputs.entries()) {
    const provisional = outputs[i];
    if (output.kind !== 'number' || provisional.kind !== 'number' || output.standardDeviation === 0) {
      numbers.push(undefined);
      continue;
    }
    const correction = { centre: provisional.mean, mean: output.mean, deviation: output.standardDeviation };
    if (!isPrecise(correction.centre, correction.mean, correction.deviation)) return undefined;
    numbers.push(correction);
  }
  return { target, outputs: numbers };
}

/** The centres that rows are to be encoded with to be the same as settled ones; undefined where they would not be settled. */
export function centresOf(form: Form, known: Known): Centres | undefined {
  if (correctionsOf(form, known) === undefined) return undefined;
  const numbers = form.outputs.filter((output) => output.kind === 'number');
  return { attributes: new Map(numbers.map(({ attribute, mean }) => [attribute, mean])), target: form.targetCentre };
}
