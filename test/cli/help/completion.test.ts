import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { completion } from '../../../src/cli/help/completion.js';
import { SHELLS } from '../../../src/cli/help/shells.js';
import { OPERATIONS } from '../../../src/operations/shapes.js';
import { run, temporaryFolder } from '../../helpers/cli.js';

const folder = temporaryFolder();
beforeAll(() => {
  for (const shell of SHELLS) writeFileSync(folder.file(shell), completion(shell));
});

/** Words of a command line, the last one being completed, and what is proposed. */
const CASES: readonly (readonly [line: string, expected: readonly string[]])[] = [
  [
    'machinelearning wait ',
    ['batch-prediction-available', 'data-source-available', 'evaluation-available', 'help', 'ml-model-available'],
  ],
  ['machinelearning create-ml-model --ml-model-type ', ['BINARY', 'MULTICLASS', 'REGRESSION']],
  ['machinelearning --output text describe-data-sources --sort-order ', ['asc', 'dsc']],
  ['machinelearning describe-ml-models --output ', ['json', 'table', 'text', 'yaml', 'yaml-stream']],
  ['machinelearning evaluate --output ', ['json', 'report']],
  ['machinelearning add-tags --resource-type M', ['MLModel']],
  ['machinelearning wait evaluation-available --filter', ['--filter-variable']],
  ['create-ml-model --training-d', ['--training-data-source-id']],
  ['create-ml-model --split ', ['random', 'sequential']],
  ['machinelearning completion ', ['bash', 'fish', 'zsh']],
];

function lines(program: string, args: readonly string[]): string[] {
  const { stdout, stderr, status } = spawnSync(program, args, { encoding: 'utf8', cwd: folder.path });
  if (status !== 0 || stderr !== '') throw new Error(`${program} ended with ${status}: ${stderr}`);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .sort();
}

function completeInBash(line: string): string[] {
  const words = line.split(' ').map((word) => `'${word}'`);
  const state = `COMP_WORDS=(${words.join(' ')}) COMP_CWORD=${words.length - 1}`;
  return lines('bash', [
    '-c',
    `source ${folder.file('bash')}; ${state}; _create_ml_model; printf '%s\\n' "\${COMPREPLY[@]}"`,
  ]);
}

describe('completion in bash', () => {
  it.each(CASES)('%s', (line, expected) => {
    expect(completeInBash(line)).toEqual(expected);
  });

  it('proposes every operation', () => {
    const all = completeInBash('machinelearning ');
    expect(all).toEqual(expect.arrayContaining(Object.values(OPERATIONS).map(({ command }) => command)));
    expect(all).toEqual(expect.arrayContaining(['wait', 'help', 'infer-schema', 'serve', 'completion']));
  });

  it('takes --option=value apart, as bash hands it over', () => {
    expect(completeInBash('machinelearning create-ml-model --ml-model-type = B')).toEqual(['BINARY']);
    expect(completeInBash('machinelearning create-ml-model --ml-model-type =')).toHaveLength(3);
  });

  it('leaves values without a list to the files', () => {
    expect(completeInBash('machinelearning create-ml-model --recipe ')).toEqual([]);
    const registered = `source ${folder.file('bash')}; complete -p create-ml-model machinelearning`;
    expect(lines('bash', ['-c', registered]).every((line) => line.includes('-o default'))).toBe(true);
  });
});

describe('completion in fish', () => {
  it.each(CASES)('%s', (line, expected) => {
    const typed = lines('fish', ['-N', '-c', `source ${folder.file('fish')}; complete -C '${line}'`]);
    expect(typed.map((text) => text.split('\t')[0]).sort()).toEqual(expected);
  });
});

/** Functions of zsh's completion that print what they are given, without the descriptions. */
const ZSH_PRINTERS = `
compdef() { }
_describe() { [[ $1 == -o ]] && shift; local name; for name in \${(P)2}; do [[ $name == $word* ]] && print -r -- \${name%%:*}; done; return 0 }
compadd() { local name; for name in \${(P)2}; do [[ $name == $word* ]] && print -r -- $name; done; return 0 }
_files() { print FILES }
`;

describe('completion in zsh', () => {
  const complete = (line: string): string[] => {
    const words = line.split(' ').map((word) => `'${word}'`);
    const state = `words=(${words.join(' ')}); CURRENT=${words.length}`;
    return lines('zsh', ['-fc', `${ZSH_PRINTERS}source ${folder.file('zsh')}; ${state}; _create_ml_model`]);
  };

  it.each(CASES)('%s', (line, expected) => {
    expect(complete(line)).toEqual(expected);
  });

  it('leaves values without a list to the files', () => {
    expect(complete('machinelearning create-ml-model --recipe ')).toEqual(['FILES']);
  });

  it('is taken by the completion system', () => {
    const script = `autoload -Uz compinit; compinit -u -d ${folder.file('dump')}; source ${folder.file('zsh')}; print $_comps[machinelearning]`;
    expect(lines('zsh', ['-fc', script])).toEqual(['_create_ml_model']);
  });
});

describe('machinelearning completion', () => {
  it('prints the script of a shell and refuses others', async () => {
    expect(await run(['completion', 'bash'], { command: 'machinelearning' })).toEqual({
      code: 0,
      stdout: completion('bash'),
      stderr: '',
    });
    const refused = await run(['completion', 'tcsh'], { command: 'machinelearning' });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("'tcsh' is invalid");
  }, 20_000);
});
