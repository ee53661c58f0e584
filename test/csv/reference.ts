/** A record as the rules of the reader have it, from a plain scan over a string of ASCII characters. */
export interface ReferenceRecord {
  readonly line: number;
  readonly offset: number;
  /** Fields, or why there are none. */
  readonly fields?: readonly string[];
  readonly reason?: string;
}

/** Split a file (ASCII, records within the limit) into records: the rules of the reader, as slowly as they read. */
export function referenceRecords(file: string, fieldCount: number): ReferenceRecord[] {
  const records: ReferenceRecord[] = [];
  let line = 1;
  for (let offset = 0; offset < file.length; ) {
    const record = referenceRecord(file, offset);
    const blank = record.end === offset + file.slice(offset).match(/^(\r?\n)?/)![0].length && record.end > offset;
    if (!(blank && fieldCount > 1)) records.push({ line, offset, ...verdict(record, fieldCount) });
    line += file.slice(offset, record.end).split('\n').length - 1;
    offset = record.end;
  }
  return records;
}

interface Scan {
  readonly fields: readonly string[];
  readonly reason?: string;
  /** Where the next record begins. */
  readonly end: number;
}

function verdict({ fields, reason }: Scan, fieldCount: number): Pick<ReferenceRecord, 'fields' | 'reason'> {
  if (reason !== undefined) return { reason };
  if (fields.length === fieldCount) return { fields };
  const found = `${fields.length} field${fields.length === 1 ? '' : 's'}`;
  return { reason: `${found} where ${fieldCount} ${fieldCount === 1 ? 'is' : 'are'} expected` };
}

function referenceRecord(file: string, start: number): Scan {
  const newline = file.indexOf('\n', start);
  const nextLine = newline === -1 ? file.length : newline + 1;
  const fields: string[] = [];
  for (let at = start; ; ) {
    const rest = file.slice(at);
    const field = /^"((?:[^"]|"")*)"(?=,|\r?\n|$(?![\s\S]))/.exec(rest);
    if (!field && rest.startsWith('"')) {
      const closed = /^"(?:[^"]|"")*"(?!")/.test(rest);
      const reason = closed ? 'text after a closing quote' : 'a quote is not closed before the end of the file';
      return { fields, reason, end: nextLine };
    }
    const text = field ? field[0] : /^(?:(?!\r\n)[^,\n])*/.exec(rest)![0];
    fields.push(field ? field[1].replaceAll('""', '"') : text);
    at += text.length;
    if (file[at] === ',') at++;
    else return { fields, end: at + /^(\r?\n)?/.exec(file.slice(at))![0].length };
  }
}
