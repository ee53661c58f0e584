import pc from 'picocolors';
import { formatCount } from '../format-count.js';
import type { FeatureWeight } from '../model/weights.js';
import type { Model } from '../model.js';
import type { Schema } from '../schema/schema.js';
import type { Progress } from '../training/progress.js';
import { onlyClass } from '../training/target-scale.js';
import { evaluationLines } from './evaluate-report.js';
import { printable } from './printable.js';
import { bar, line, listLines, plural, reportWidth, short, shortened } from './report-lines.js';
import { passLines } from './report-passes.js';

/** A model file as it was kept. */
export interface Kept {
  readonly id: string;
  readonly path: string;
  readonly sizeInBytes: number;
}

/** What the report says of a training beside the model. */
export interface ResultNotes {
  /** What the evaluation was done on: `not learned from`. */
  readonly evaluated: string;
  readonly elapsedMs: number;
  /** By pass. */
  readonly rowsPerSecond: ReadonlyMap<number, number>;
}

type EventOf<Name extends Progress['event']> = Progress & { event: Name };

const SHOWN_FEATURES = 8;

const KIND: Record<Model['type'], string> = {
  BINARY: 'binary logistic regression',
  MULTICLASS: 'multinomial logistic regression',
  REGRESSION: 'linear regression',
};

/**
 * The data as it was understood.
 *
 * @param part of it that is learned from: `random 70 %`
 */
export function reportData(
  file: string,
  { schema, origin, modelType, targetReason }: EventOf<'schema'>,
  { statistics, rejectedCount, rejectedExamples }: EventOf<'statistics'>,
  part: string,
): string {
  const target = schema.attributes.find((a) => a.attributeName === schema.targetAttributeName)!;
  const learned = `${plural(statistics.observationCount, 'observation')} to learn from ${pc.dim(`(${part})`)}`;
  let text = `\n${pc.bold(file === '-' ? 'standard input' : file)}\n\n`;
  text += line('data', learned);
  text += line('schema', origin);
  text += attributeLines(schema);
  const because = `because ${printable(target.attributeName)} is ${target.attributeType}`;
  text += line('model', `${pc.bold(KIND[modelType])} ${pc.dim(because)}`);
  if (targetReason !== undefined) text += line('', pc.dim(printable(targetReason)));
  if (rejectedCount > 0) {
    text += line(
      'left out',
      pc.yellow(printable(`${plural(rejectedCount, 'observation')}: ${rejectedExamples.slice(0, 3).join('; ')}`)),
    );
  }
  return text + oneClassLines(statistics) + invalidLines(schema, statistics);
}

function oneClassLines(statistics: EventOf<'statistics'>['statistics']): string {
  const name = onlyClass(statistics.target());
  if (name === undefined) return '';
  const says = `it is '${printable(name)}' in all of them: the model will always answer that.`;
  const advice = 'If the file is sorted by the target, split it at random: --split random.';
  return line('target', pc.yellow(says)) + line('', pc.yellow(advice));
}

function attributeLines(schema: Schema): string {
  const left = new Set([schema.rowId, schema.targetAttributeName, ...schema.excludedAttributeNames]);
  let text = '';
  for (const type of ['NUMERIC', 'BINARY', 'CATEGORICAL', 'TEXT'] as const) {
    const names = schema.attributes
      .filter((a) => a.attributeType === type && !left.has(a.attributeName))
      .map((a) => a.attributeName);
    if (names.length > 0)
      text += line(
        type,
        `${String(names.length).padStart(3)}  ${pc.dim(listed(names.map(printable), Math.max(20, reportWidth() - 24)))}`,
      );
  }
  return text;
}

/** As many names as fit, and how many more there are. */
function listed(names: readonly string[], width: number): string {
  let text = names[0];
  for (let i = 1; i < names.length; i++) {
    if (text.length + names[i].length + 2 > width) return `${text}, … ${names.length - i} more`;
    text += `, ${names[i]}`;
  }
  return text;
}

function invalidLines(schema: Schema, statistics: EventOf<'statistics'>['statistics']): string {
  let text = '';
  for (const { attributeName: name, attributeType: type } of schema.attributes) {
    if (type !== 'NUMERIC' && type !== 'BINARY') continue;
    if (schema.rowId === name || schema.excludedAttributeNames.includes(name)) continue;
    const { invalid } = type === 'NUMERIC' ? statistics.numeric(name) : statistics.binary(name);
    if (invalid > 0)
      text += line(
        'invalid',
        pc.yellow(printable(`${name}: ${plural(invalid, 'value')} not ${type}, taken as missing`)),
      );
  }
  return text;
}

/** The recipe and what it yields. */
export function reportFeatures({ recipe, recipeOrigin, featureCount }: EventOf<'features'>): string {
  const { outputs } = JSON.parse(recipe) as { outputs: string[] };
  const shown = outputs.map(printable);
  if (recipeOrigin === 'default') shown[0] = `default: ${shown[0]}`;
  const nothing = pc.yellow('none: the model will always give the same answer');
  return listLines('recipe', shown) + line('features', featureCount > 2 ? formatCount(featureCount - 2) : nothing);
}

/**
 * Training, evaluation, the strongest features, where the model is and what to do next.
 */
export function reportResult(
  model: Model,
  kept: Kept,
  file: string,
  { evaluated, elapsedMs, rowsPerSecond }: ResultNotes,
): string {
  return (
    `\n${passLines(model, rowsPerSecond)}` +
    `\n${model.evaluation ? evaluationLines(model.evaluation, evaluated) : ''}` +
    `\n${featureLines(model)}` +
    `\n${line('model file', `${kept.path} ${pc.dim(`(${bytes(kept.sizeInBytes)})`)}`)}` +
    line('elapsed', `${(elapsedMs / 1000).toFixed(2)} s`) +
    `\n${line('next', pc.cyan(`create-ml-model predict ${quoted(kept.path)} ${file === '-' ? 'new.csv' : quoted(file)}`))}\n`
  );
}

function bytes(value: number): string {
  if (value < 10_000) return `${formatCount(value)} bytes`;
  return value < 10_000_000
    ? `${formatCount(Math.round(value / 1000))} kB`
    : `${formatCount(Math.round(value / 1e6))} MB`;
}

/** As a shell reads it. */
function quoted(path: string): string {
  return /^[\w./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

function featureLines(model: Model): string {
  const strongest = model
    .weights()
    .filter(({ strength }) => strength > 0)
    .slice(0, SHOWN_FEATURES);
  if (strongest.length === 0) return '';
  const width = Math.min(reportWidth() - 42, Math.max(...strongest.map((weight) => name(weight).length)));
  let text = '';
  for (const [i, weight] of strongest.entries()) {
    const color = weight.weight > 0 ? pc.green : pc.red;
    const shown = shortened(name(weight), width).padEnd(width);
    const value = `${weight.weight > 0 ? '+' : ''}${short(weight.weight)}`.padStart(10);
    text += line(
      i === 0 ? 'strongest' : '',
      `${shown} ${color(`${value} ${bar(weight.strength / strongest[0].strength)}`)}`,
    );
  }
  return text + line('', pc.dim('weight, and a bar for how much the feature moves predictions'));
}

/** The feature, numbers in it shortened, and the class it speaks for. */
function name(weight: FeatureWeight): string {
  const feature = weight.feature.replace(/-?\d+\.\d{5,}/g, (number) => short(Number(number)));
  return printable(weight.class === undefined ? feature : `${feature} → ${weight.class}`);
}
