import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { middleForms, shortForms } from '../src/csv/decimal-forms.js';
import { longForms } from '../src/csv/long-forms.js';
import { powersOfFive } from '../src/csv/powers-of-five.js';
import type { BenchData } from './csv-data.js';

export interface NativeProgram {
  readonly name: string;
  readonly path: string;
}

/** Compile bench/csv.c with vectors of 16 bytes and of 32; nothing where there is no gcc. */
export function compileNative(folder: string): NativeProgram[] {
  const compile = (name: string, file: string, ...flags: string[]): NativeProgram => {
    const path = join(folder, file);
    execFileSync('gcc', ['-O3', '-march=native', ...flags, '-o', path, 'bench/csv.c', '-lm'], { stdio: 'inherit' });
    return { name, path };
  };
  try {
    return [compile('the same in C', 'csv'), compile('the same in C, AVX2', 'csv-wide', '-DWIDE')];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    console.log('gcc is not installed: no comparison with C');
    return [];
  }
}

/** The C program over a file; it times itself. */
export class NativeTokenizer {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;

  constructor(
    { path }: NativeProgram,
    private readonly folder: string,
    { bytes, kinds }: BenchData,
  ) {
    const [data, tables] = [join(folder, 'data.csv'), join(folder, 'tables')];
    writeFileSync(data, bytes);
    writeFileSync(
      tables,
      Buffer.concat([new Uint8Array(powersOfFive().buffer), shortForms(), middleForms(), longForms()]),
    );
    this.#child = spawn(path, [data, tables, kinds.map((kind) => kind[0]).join('')]);
    this.#child.stderr.pipe(process.stderr);
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** CPU seconds of one pass. */
  async pass(): Promise<number> {
    return Number((await this.#ask('r')).split(' ')[0]) / 1e9;
  }

  /** The bytes of all columns, one behind the other: f64 or u32 codes. */
  async values(): Promise<Buffer> {
    const file = join(this.folder, 'values');
    await this.#ask(`w ${file}`);
    return readFileSync(file);
  }

  close(): void {
    this.#child.stdin.end();
  }

  async #ask(command: string): Promise<string> {
    this.#child.stdin.write(`${command}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`the C program ended at command '${command}'`);
    return value;
  }
}
