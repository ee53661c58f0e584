import { readFile } from 'node:fs/promises';
import { Option } from 'commander';
import { parseRearrangement } from '../datasource/rearrangement.js';
import type { Split } from '../datasource/split.js';
import { InvalidInput } from '../errors.js';
import { isJsonText } from '../read-json.js';

const FLAG = '--data-rearrangement';
const FILE_PREFIX = 'file://';

/** The option, as the commands have it that read data. */
export function rearrangementOption(use: string): Option {
  return new Option(
    `${FLAG} <json>`,
    `which part of the data to ${use}: the service's DataRearrangement, JSON text or file (default: all of it)`,
  );
}

/**
 * The value of `--data-rearrangement`: JSON text, `file://PATH` or the path of a file.
 *
 * @returns JSON text that has been checked; undefined when the option is not given
 * @throws InvalidInput naming the option for a file that cannot be read; as `parseRearrangement`
 */
export async function readRearrangement(given: string | undefined): Promise<string | undefined> {
  if (given === undefined) return undefined;
  const text = isJsonText(given) ? given : await readPart(given);
  parseRearrangement(text);
  return text;
}

async function readPart(given: string): Promise<string> {
  const path = given.startsWith(FILE_PREFIX) ? given.slice(FILE_PREFIX.length) : given;
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new InvalidInput(`${FLAG}: ${missing ? 'no file' : 'cannot read'} '${path}'`, {
      hint: `give a file, or JSON text such as '{"splitting":{"percentBegin":0,"percentEnd":70}}'`,
      cause,
    });
  }
}

/** `random, 0 to 70 %`, `sequential, all but 0 to 70 %` */
export function describePart({ strategy, percentBegin, percentEnd, complement }: Split): string {
  return `${strategy}, ${complement ? 'all but ' : ''}${percentBegin} to ${percentEnd} %`;
}
