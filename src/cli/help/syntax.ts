import type { Shape } from '../../operations/shapes.js';

/** Which values a shape allows, in sentences; empty for any. */
export function constraintText(shape: Shape): string {
  if (shape.type === 'list') {
    const items = shape.maxItems === undefined ? '' : `At most ${shape.maxItems} items.`;
    const each = constraintText(shape.item);
    return [items, each && `Each: ${each}`].filter(Boolean).join(' ');
  }
  if (shape.type === 'structure' || shape.type === 'map') return '';
  const sentences: string[] = [];
  if (shape.enum) sentences.push(`One of: ${shape.enum.join(', ')}.`);
  const characters = rangeText(shape.minLength || undefined, shape.maxLength);
  if (characters) sentences.push(`${characters} character${characters.endsWith(' 1') ? '' : 's'}.`);
  const range = rangeText(shape.minimum, shape.maximum);
  if (range) sentences.push(`${range}.`);
  if (shape.pattern) sentences.push(`Pattern: ${shape.pattern}`);
  return sentences.join(' ');
}

function rangeText(minimum: number | undefined, maximum: number | undefined): string | undefined {
  if (minimum === undefined) return maximum === undefined ? undefined : `At most ${maximum}`;
  return maximum === undefined ? `At least ${minimum}` : `${minimum} to ${maximum}`;
}

/** How a list, map or structure is written as `name=value,…`. */
export function shorthandSyntax(shape: Shape): string {
  if (shape.type === 'map') return 'KeyName1=text,KeyName2=text';
  if (shape.type === 'list') return shape.item.type === 'structure' ? `${members(shape.item)} ...` : 'text text ...';
  return members(shape);
}

function members(shape: Shape, prefix = ''): string {
  if (shape.type !== 'structure') return '';
  return Object.entries(shape.members)
    .map(([name, member]) => {
      if (member.type === 'structure') return `${prefix}${name}={${members(member)}}`;
      return `${prefix}${name}=${member.type === 'list' ? 'text,text' : 'text'}`;
    })
    .join(',');
}

/** How a shape is written as JSON. */
export function jsonSyntax(shape: Shape): string[] {
  switch (shape.type) {
    case 'structure': {
      const entries = Object.entries(shape.members);
      const body = entries.flatMap(([name, member], index) => {
        const [first, ...rest] = jsonSyntax(member);
        const inner = [`${JSON.stringify(name)}: ${first}`, ...rest];
        if (index < entries.length - 1) inner[inner.length - 1] += ',';
        return inner.map((line) => `  ${line}`);
      });
      return ['{', ...body, '}'];
    }
    case 'list': {
      const item = jsonSyntax(shape.item);
      return ['[', ...item.map((line) => `  ${line}`), '  ...', ']'];
    }
    case 'map':
      return ['{"KeyName": "text"', ' ...}'];
    case 'string':
      return [shape.enum ? shape.enum.map((value) => `"${value}"`).join('|') : '"text"'];
    case 'boolean':
      return ['true|false'];
    default:
      return [shape.type];
  }
}
