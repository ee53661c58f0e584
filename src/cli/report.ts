import pc from 'picocolors';
import type { Evaluation } from '../evaluation/evaluation.js';
import type { FeatureWeight } from '../model/weights.js';
import type { Model } from '../model.js';
import type { Schema } from '../schema/schema.js';
import type { Progress } from '../training/progress.js';
import type { TrainFlags } from './train-command.js';

/** A model file as it was kept. */
export interface Kept {
  readonly id: string;
  readonly path: string;
  readonly sizeInBytes: number;
}

type EventOf<Name extends Progress['event']> = Progress & { event: Name };

const LABEL_WIDTH = 12;
const SHOWN_FEATURES = 8;
const BAR_WIDTH = 16;

const count = (value: number): string => value.toLocaleString('en');
const line = (label: string, text: string): string => `  ${pc.dim(label.padEnd(LABEL_WIDTH))}${text}\n`;
const plural = (value: number, word: string): string => `${count(value)} ${word}${value === 1 ? '' : 's'}`;

/** Four significant digits, without an exponent where one can do without. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return value.toExponential(3);
  return size >= 1000 ? count(Math.round(value)) : String(Number(value.toPrecision(4)));
}

const KIND: Record<Model['type'], string> = {
  BINARY: 'binary logistic regression',
  MULTICLASS: 'multinomial logistic regression',
  REGRESSION: 'linear regression',
};

/** The data as it was understood. */
export function reportData(
  file: string,
  { schema, origin, modelType }: EventOf<'schema'>,
  { statistics, rejectedCount, rejectedExamples }: EventOf<'statistics'>,
  flags: TrainFlags,
): string {
  const target = schema.attributes.find((a) => a.attributeName === schema.targetAttributeName)!;
  const part = flags.evaluate === undefined ? `${flags.split} ${flags.trainPercent} % of the observations` : 'all';
  const learned = `${plural(statistics.observationCount, 'observation')} to learn from ${pc.dim(`(${part})`)}`;
  let text = `\n${pc.bold(file === '-' ? 'standard input' : file)}\n\n`;
  text += line('data', learned);
  text += line('schema', origin);
  text += attributeLines(schema);
  text += line(
    'model',
    `${pc.bold(KIND[modelType])} ${pc.dim(`because ${target.attributeName} is ${target.attributeType}`)}`,
  );
  if (rejectedCount > 0) {
    text += line(
      'left out',
      pc.yellow(`${plural(rejectedCount, 'observation')}: ${rejectedExamples.slice(0, 3).join('; ')}`),
    );
  }
  return text + invalidLines(schema, statistics);
}

function attributeLines(schema: Schema): string {
  const left = new Set([schema.rowId, schema.targetAttributeName, ...schema.excludedAttributeNames]);
  let text = '';
  for (const type of ['NUMERIC', 'BINARY', 'CATEGORICAL', 'TEXT'] as const) {
    const names = schema.attributes
      .filter((a) => a.attributeType === type && !left.has(a.attributeName))
      .map((a) => a.attributeName);
    if (names.length > 0) text += line(type, `${String(names.length).padStart(3)}  ${pc.dim(listed(names, 60))}`);
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
      text += line('invalid', pc.yellow(`${name}: ${plural(invalid, 'value')} not ${type}, taken as missing`));
  }
  return text;
}

/** The recipe and what it yields. */
export function reportFeatures({ recipe, recipeOrigin, featureCount }: EventOf<'features'>): string {
  const { outputs } = JSON.parse(recipe) as { outputs: string[] };
  return (
    line('recipe', `${recipeOrigin === 'default' ? 'default: ' : ''}${outputs.join(', ')}`) +
    line('features', count(featureCount - 2))
  );
}

/** Training, evaluation, the strongest features, where the model is and what to do next. */
export function reportResult(model: Model, kept: Kept, file: string, elapsedMs: number): string {
  return (
    `\n${passLines(model)}` +
    `\n${model.evaluation ? evaluationLines(model.evaluation) : ''}` +
    `\n${featureLines(model)}` +
    `\n${line('model file', `${kept.path} ${pc.dim(`(${bytes(kept.sizeInBytes)})`)}`)}` +
    line('elapsed', `${(elapsedMs / 1000).toFixed(2)} s`) +
    `\n${line('next', pc.cyan(`create-ml-model predict ${quoted(kept.path)} ${file === '-' ? 'new.csv' : quoted(file)}`))}\n`
  );
}

function bytes(value: number): string {
  if (value < 10_000) return `${count(value)} bytes`;
  return value < 10_000_000 ? `${count(Math.round(value / 1000))} kB` : `${count(Math.round(value / 1e6))} MB`;
}

/** As a shell reads it. */
function quoted(path: string): string {
  return /^[\w./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}

function passLines(model: Model): string {
  const { passes } = model.training;
  const shown = passes.length <= 12 ? passes : [...passes.slice(0, 5), ...passes.slice(-5)];
  const largest = Math.max(...passes.map(({ loss }) => loss));
  let text = '';
  for (const [i, { pass, loss }] of shown.entries()) {
    if (i > 0 && pass > shown[i - 1].pass + 1) text += line('', pc.dim('…'));
    text += line(
      i === 0 ? 'training' : '',
      `pass ${String(pass).padStart(String(passes.length).length)}  loss ${loss.toFixed(5)}  ${pc.cyan(bar(loss / largest))}`,
    );
  }
  return text;
}

const bar = (share: number): string => '▇'.repeat(Math.max(1, Math.round(share * BAR_WIDTH)));

function evaluationLines(evaluation: Evaluation): string {
  let text = line('evaluation', `${plural(evaluation.observationCount, 'observation')} not learned from`);
  for (const [label, value, note] of figures(evaluation)) {
    text += line(`  ${label}`, `${pc.bold(value.padEnd(8))} ${pc.dim(note)}`.trimEnd());
  }
  for (const alert of evaluation.alerts) text += line('', pc.yellow(`! ${alert}`));
  return text;
}

function figures(evaluation: Evaluation): [string, string, string][] {
  if (evaluation.type === 'BINARY') {
    const { auc, baseline, logLoss, accuracy, precision, recall, f1, scoreThreshold } = evaluation;
    return [
      [
        'AUC',
        auc === null ? 'unknown' : auc.toFixed(4),
        `baseline ${baseline}${auc === null ? '' : `: ${aucInWords(auc)}`}`,
      ],
      ['log loss', logLoss.toFixed(4), ''],
      ['accuracy', accuracy.toFixed(4), `at cut-off ${scoreThreshold}`],
      ['precision', precision.toFixed(4), 'of those predicted 1'],
      ['recall', recall.toFixed(4), 'of those that are 1'],
      ['F1', f1.toFixed(4), ''],
    ];
  }
  if (evaluation.type === 'MULTICLASS') {
    const { macroF1, baseline, accuracy, logLoss, classes } = evaluation;
    const hardest = [...classes].filter((c) => c.trueCount > 0).sort((a, b) => a.f1 - b.f1)[0];
    return [
      ['macro F1', macroF1.toFixed(4), `baseline ${baseline.toFixed(4)}: always the most frequent class`],
      ['accuracy', accuracy.toFixed(4), hardest ? `hardest class ${hardest.class}, F1 ${hardest.f1.toFixed(2)}` : ''],
      ['log loss', logLoss.toFixed(4), ''],
    ];
  }
  const { rmse, baseline, mae, r2 } = evaluation;
  return [
    ['RMSE', short(rmse), `baseline ${short(baseline)}: always the mean`],
    ['MAE', short(mae), ''],
    ['R²', r2 === null ? 'unknown' : r2.toFixed(4), ''],
  ];
}

/** The service's console put AUC in words in this way. */
function aucInWords(auc: number): string {
  if (auc >= 0.9) return 'extremely good';
  if (auc >= 0.8) return 'very good';
  if (auc >= 0.7) return 'good';
  return auc >= 0.6 ? 'weak' : 'hardly better than chance';
}

function featureLines(model: Model): string {
  const strongest = model
    .weights()
    .filter(({ strength }) => strength > 0)
    .slice(0, SHOWN_FEATURES);
  if (strongest.length === 0) return '';
  const width = Math.min(44, Math.max(...strongest.map((weight) => name(weight).length)));
  let text = '';
  for (const [i, weight] of strongest.entries()) {
    const color = weight.weight > 0 ? pc.green : pc.red;
    const shown = name(weight).slice(0, width).padEnd(width);
    const value = `${weight.weight > 0 ? '+' : ''}${short(weight.weight)}`.padStart(10);
    text += line(
      i === 0 ? 'strongest' : '',
      `${shown} ${color(`${value} ${bar(weight.strength / strongest[0].strength)}`)}`,
    );
  }
  return text;
}

/** The feature, numbers in it shortened, and the class it speaks for. */
function name(weight: FeatureWeight): string {
  const feature = weight.feature.replace(/-?\d+\.\d{5,}/g, (number) => short(Number(number)));
  return weight.class === undefined ? feature : `${feature} → ${weight.class}`;
}
