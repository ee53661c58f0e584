import { readFileSync } from 'node:fs';
import { generalFailure } from './failure.js';

/** Settings of a section; nested ones as `machine_learning.endpoint_url`. Empty values are kept: `cli_pager =` turns the pager off. */
export type Settings = ReadonlyMap<string, string>;

/**
 * The sections of a configuration or credentials file of the AWS clients; none if there is no file. Sections are named as
 * written, without quotes: `default`, `profile dev`, `services local`.
 *
 * @throws CommandFailure for a line that is neither section, setting, comment nor continuation
 * @see AWS CLI user guide, "Configuration and credential file settings"
 */
export function readProfileFile(path: string): ReadonlyMap<string, Settings> {
  const sections = new Map<string, Map<string, string>>();
  let section: Map<string, string> | undefined;
  let last = '';
  for (const line of readLines(path)) {
    if (/^\s*([#;].*)?$/.test(line)) continue;
    const header = /^\[(.+)\]/.exec(line);
    const setting = /^\s*([^=:]+?)\s*[=:]\s*(.*?)\s*$/.exec(line);
    if (header) {
      const name = header[1]!.trim().replace(/\s+/g, ' ').replace(/["']/g, '');
      sections.set(name, (section = sections.get(name) ?? new Map()));
      last = '';
    } else if (section !== undefined && /^\s/.test(line) && last !== '') {
      if (setting) section.set(`${last}.${setting[1]!.toLowerCase()}`, setting[2]!);
    } else if (section !== undefined && setting) {
      last = setting[1]!.toLowerCase();
      section.set(last, setting[2]!);
    } else throw generalFailure(`Unable to parse config file: ${path}`);
  }
  return sections;
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8')
      .replace(/^\ufeff/, '')
      .split(/\r?\n/);
  } catch {
    return [];
  }
}
