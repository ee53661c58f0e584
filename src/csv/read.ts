import type { ColumnBlock } from '../datasource/block.js';
import type { CsvParser } from './parser.js';

export { type FirstRecord, firstRecord } from './first-record.js';

/**
 * Read a CSV file as column blocks, one pass.
 *
 * @param chunks the bytes of the file; a record may straddle chunks
 * @param parser is reset first; a pass that is still going on elsewhere ends with an error
 * @param source name of this file, for messages; default: the parser's last one
 * @yields blocks of at most the parser's block size
 * @throws InvalidInput naming the line, for bytes that are not UTF-8
 */
export async function* readCsv(
  chunks: AsyncIterable<Uint8Array>,
  parser: CsvParser,
  source?: string,
): AsyncGenerator<ColumnBlock> {
  parser.reset(source);
  const { pass } = parser;
  for await (const bytes of chunks) {
    parser.mustBeIn(pass);
    yield* parser.push(bytes);
  }
  parser.mustBeIn(pass);
  yield* parser.end();
}
