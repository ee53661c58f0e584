import pc from 'picocolors';
import { inferSchema } from '../node.js';
import type { InferredSchema } from '../resolve-schema.js';
import { formatSchema } from '../schema/format.js';
import type { InferSchemaFlags } from './infer-schema-command.js';

/** `infer-schema FILE`: print the proposed schema, and with `--explain` the reasons. */
export async function inferSchemaOfFile(file: string, flags: InferSchemaFlags): Promise<void> {
  const inferred = await inferSchema(file === '-' ? process.stdin : file, { target: flags.target });
  if (flags.explain) process.stderr.write(explain(inferred));
  process.stdout.write(flags.output === 'json' ? formatJson(inferred) : formatSchema(inferred.schema));
}

/** One line per attribute: column, name, type, reason. */
function explain({ reasons, origin, schema }: InferredSchema): string {
  const width = (texts: readonly string[]): number => Math.min(MAX_NAME_WIDTH, Math.max(...texts.map(displayWidth)));
  const names = reasons.map(({ attribute }) => printable(attribute));
  const nameWidth = width(names);
  const typeWidth = width(reasons.map(({ type }) => type));
  const numberWidth = String(reasons.length).length;
  const lines = reasons.map(({ attribute, type, reason }, index) => {
    const name = names[index] + ' '.repeat(Math.max(0, nameWidth - displayWidth(names[index])));
    const shown = attribute === schema.targetAttributeName ? pc.bold(name) : name;
    const number = pc.dim(String(index + 1).padStart(numberWidth));
    return `${number}  ${shown}  ${pc.cyan(type.padEnd(typeWidth))}  ${printable(reason)}\n`;
  });
  const header = schema.dataFileContainsHeader
    ? 'the first line is a header'
    : 'no header: columns are named by position';
  return `${pc.dim(`${origin}; ${header}`)}\n${lines.join('')}`;
}

const MAX_NAME_WIDTH = 40;
const CONTROL = /\p{Cc}/gu;
/** East Asian wide characters and emoji, which take two columns of a terminal (roughly Unicode Annex 11). */
const WIDE = /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Emoji_Presentation}/gu;

/** Control characters as escapes, so that values cannot write to the terminal what they like. */
function printable(text: string): string {
  return text.replace(CONTROL, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function displayWidth(text: string): number {
  return [...text].length + (text.match(WIDE)?.length ?? 0);
}

function formatJson({ schema, reasons, observationCount }: InferredSchema): string {
  const document = {
    DataSchema: schema,
    Reasons: reasons.map(({ attribute, type, reason }) => ({
      attributeName: attribute,
      attributeType: type,
      reason,
    })),
    ObservationCount: observationCount,
  };
  return `${JSON.stringify(document, null, 4)}\n`;
}
