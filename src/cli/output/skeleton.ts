import { type Members, OPERATIONS, type OperationName, type Shape } from '../../operations/shapes.js';
import { describeMember } from '../help/descriptions.js';
import { OutputError } from './errors.js';
import { type FormatOptions, formatValue } from './format.js';
import { Float, SampleTime, type Structure, type Value } from './value.js';
import { writeJson } from './write-json.js';

export const SKELETON_FORMS = ['input', 'yaml-input', 'output'] as const;
export type SkeletonForm = (typeof SKELETON_FORMS)[number];

/**
 * What `--generate-cli-skeleton` prints.
 *
 * @param form `input`: a document for `--cli-input-json`; `yaml-input`: one for `--cli-input-yaml`, with a comment at each
 *   member; `output`: a sample of the response, in the format and with the query of the options
 * @throws OutputError where the sample of the response has no form that is allowed, as AWS has it for `predict`
 */
export function printSkeleton(
  operation: OperationName,
  form: SkeletonForm,
  options: FormatOptions = { output: 'json' },
): string {
  const { input, output } = OPERATIONS[operation];
  if (form === 'input') return `${writeJson(sampleStructure(input, () => ''))}\n`;
  if (form === 'yaml-input') return `${commentedLines(input).join('\n')}\n`;
  if (operation === 'Predict') {
    throw new OutputError(
      'Parameter validation failed:\nInvalid length for parameter Prediction.details.KeyName, value: 0, valid min length: 1',
      252,
    );
  }
  return formatValue(
    operation,
    sampleStructure(output, (name) => name),
    options,
  );
}

/** What a string member without a list of values holds. */
type SampleText = (member: string) => string;

function sampleStructure(members: Members, text: SampleText): Structure {
  return new Map(Object.entries(members).map(([name, shape]) => [name, sample(shape, name, text)]));
}

function sample(shape: Shape, name: string, text: SampleText): Value {
  switch (shape.type) {
    case 'structure':
      return sampleStructure(shape.members, text);
    case 'list':
      return [sample(shape.item, '', text)];
    case 'map':
      return new Map([['KeyName', sample(shape.value, '', text)]]);
    case 'string':
      return text(name) || (text('x') === '' ? (shape.enum?.[0] ?? '') : '');
    case 'boolean':
      return true;
    case 'float':
      return new Float(0);
    case 'timestamp':
      return new SampleTime();
    default:
      return 0;
  }
}

/** One line per member and comment; members of structures and items of lists are indented by 2. */
function commentedLines(members: Members): string[] {
  return Object.entries(members).flatMap(([name, member], index) => {
    const [value, nested] = commentedValue(member);
    const comment = [member.required && '[REQUIRED]', describeMember(name), allowedValues(member)];
    const gap = index === 0 ? '  ' : ' ';
    return [`${name}:${value}${gap}# ${comment.filter(Boolean).join(' ')}`, ...nested];
  });
}

/** What stands after the name, and the lines below. */
function commentedValue(shape: Shape): [string, string[]] {
  switch (shape.type) {
    case 'structure':
      return ['', commentedLines(shape.members).map((line) => `  ${line}`)];
    case 'map':
      return ['', ["  KeyName: ''"]];
    case 'list': {
      if (shape.item.type !== 'structure') return ['', [`- ${simpleText(shape.item)}`]];
      return ['', commentedLines(shape.item.members).map((line, index) => (index === 0 ? '- ' : '  ') + line)];
    }
    default:
      return [` ${simpleText(shape)}`, []];
  }
}

function simpleText(shape: Shape): string {
  const value = sample(shape, '', () => '');
  return typeof value === 'string' ? value || "''" : writeJson(value);
}

function allowedValues(shape: Shape): string | undefined {
  return shape.type === 'string' && shape.enum ? `Valid values are: ${shape.enum.join(', ')}.` : undefined;
}
