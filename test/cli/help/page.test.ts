import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { optionName } from '../../../src/cli/aws/option-names.js';
import { WAITER_OF_COMMAND } from '../../../src/cli/aws/option-tables.js';
import { describeMember } from '../../../src/cli/help/descriptions.js';
import { EXAMPLES } from '../../../src/cli/help/examples.js';
import { helpPage } from '../../../src/cli/help/page.js';
import { textWidth } from '../../../src/cli/output/east-asian-width.js';
import { type Member, OPERATIONS, type OperationName, type Shape } from '../../../src/operations/shapes.js';
import { fixture, root, run, temporaryFolder } from '../../helpers/cli.js';

const folder = temporaryFolder();
const operations = Object.keys(OPERATIONS) as OperationName[];
const commands = operations.map((name) => OPERATIONS[name].command);
const pages = ['machinelearning', 'wait', ...commands, ...[...WAITER_OF_COMMAND.keys()].map((name) => `wait ${name}`)];

describe('help pages', () => {
  it.each(pages)('%s fits 80 columns and leaves nothing blank', (page) => {
    const lines = helpPage(page).split('\n');
    expect(lines.filter((line) => textWidth(line) > 80 || /\s$/.test(line))).toEqual([]);
    const empty = lines.filter(
      (line, i) => /^ +(--|\w+ -> ).*\((string|map|list|\w+)\)/.test(line) && lines[i + 1] === '',
    );
    expect(empty).toEqual([]);
  });

  it.each(operations)('%s has all sections, options with their constraints, and members of the output', (name) => {
    const { command, input, output } = OPERATIONS[name];
    const page = helpPage(command);
    const titles = page.split('\n').filter((line) => /^[A-Z]/.test(line));
    expect(titles).toEqual(['NAME', 'DESCRIPTION', 'SYNOPSIS', 'OPTIONS', 'GLOBAL OPTIONS', 'EXAMPLES', 'OUTPUT']);
    for (const [member, shape] of Object.entries<Member>(input)) {
      expect(page).toContain(`       --${optionName(member)} `);
      if (shape.type === 'string' && shape.enum) expect(page.replace(/\s+/g, ' ')).toContain(shape.enum.join(', '));
    }
    for (const member of Object.keys(output)) expect(page).toContain(`       ${member} -> (`);
  });

  it('describe every member of every shape', () => {
    const missing = new Set<string>();
    const visit = (shape: Shape): void => {
      if (shape.type === 'list') visit(shape.item);
      if (shape.type === 'structure') members(shape.members);
    };
    const members = (all: Readonly<Record<string, Shape>>): void => {
      for (const [name, shape] of Object.entries(all)) {
        if (!describeMember(name).endsWith('.')) missing.add(name);
        visit(shape);
      }
    };
    for (const name of operations) {
      members(OPERATIONS[name].input);
      members(OPERATIONS[name].output);
    }
    expect([...missing]).toEqual([]);
  });

  it('are shown by the commands', async () => {
    for (const [args, page] of [
      [['help'], 'machinelearning'],
      [['create-ml-model', 'help'], 'create-ml-model'],
      [['wait', 'ml-model-available', 'help'], 'wait ml-model-available'],
    ] as const) {
      expect(await run(args, { command: 'machinelearning' })).toEqual({ code: 0, stdout: helpPage(page), stderr: '' });
    }
    expect((await run(['help'])).stdout).toBe(helpPage('create-ml-model'));
  }, 30_000);

  it('refuse names that are none', () => {
    expect(() => helpPage('create-nothing')).toThrow(RangeError);
  });
});

describe('examples', () => {
  it('work one after the other on the local store', async () => {
    await mkdir(join(folder.path, 'buckets', 'demo'), { recursive: true });
    const data = gunzipSync(readFileSync(fixture('banking.csv.gz')));
    await writeFile(join(folder.path, 'buckets', 'demo', 'banking.csv'), data);
    await copyFile(fixture('banking.csv.gz.schema'), join(folder.path, 'buckets', 'demo', 'banking.csv.schema'));
    await writeFile(join(folder.path, 'recipe.json'), '{"outputs":["ALL_BINARY","ALL_CATEGORICAL"]}');
    const outputs = new Map<OperationName, string>();
    let script = `machinelearning() { "${process.execPath}" "${join(root, 'build/cli/machinelearning.js')}" "$@"; }\nset -e\n`;
    for (const [name, examples] of Object.entries(EXAMPLES)) {
      // Databases are not read, a document to be filled in is refused, and a wait of 30 seconds is waited elsewhere.
      if (/FromR/.test(name)) continue;
      const lines = examples
        .flatMap((example) => example.lines)
        .map((line) => line.replaceAll('PROGRAM', 'machinelearning'));
      script += `printf '\\n== ${name}\\n'\n${lines.filter((line) => !line.includes(' wait ')).join('\n')}\n`;
    }
    const { stdout } = await promisify(execFile)('bash', ['-c', script], {
      cwd: folder.path,
      env: { ...process.env, CREATE_ML_MODEL_HOME: folder.file('home'), AWS_CONFIG_FILE: '/dev/null' },
    });
    for (const part of stdout.split('\n== ').slice(1)) {
      const end = part.indexOf('\n');
      outputs.set(part.slice(0, end) as OperationName, part.slice(end + 1));
    }
    expect(Number(JSON.parse(outputs.get('GetEvaluation')!))).toBeGreaterThan(0.7);
    expect(JSON.parse(outputs.get('Predict')!).Prediction.predictedLabel).toMatch(/^[01]$/);
    expect(JSON.parse(outputs.get('GetBatchPrediction')!)[0]).toBeGreaterThan(3000);
    expect(outputs.get('DescribeMLModels')).toMatch(/^ml-2\t.*\nml-1\t.*\n$/);
    expect(outputs.get('DescribeEvaluations')).toContain('ev-1');
    expect(await readdir(join(folder.path, 'buckets', 'demo', 'out', 'batch-prediction'))).not.toEqual([]);
  }, 120_000);
});
