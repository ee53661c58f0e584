import { rm } from 'node:fs/promises';
import { defineConfig } from 'rolldown';

/** What runs, in a few files: loading each of hundreds takes longer than what is in them. Dependencies stay apart. */
const common = { platform: 'node', external: /^[^./]/ };

/** Doc comments are in the declarations; here they would be read at every start. */
const comments = { jsdoc: false };

/** Declarations of types come from `tsc`. */
const library = defineConfig({
  ...common,
  input: { node: 'src/node.ts' },
  output: { dir: 'build', chunkFileNames: 'chunks/[name].js', comments },
  plugins: [{ name: 'remove old chunks', buildStart: () => rm('build/chunks', { recursive: true, force: true }) }],
});

/** Commands are no ES modules: those take twice as long to load. What only some commands need stays apart. */
const programs = defineConfig({
  ...common,
  input: {
    main: 'src/cli/main.ts',
    machinelearning: 'src/cli/machinelearning.ts',
    'job-runner': 'src/cli/job-runner.ts',
  },
  output: {
    dir: 'build/cli',
    format: 'cjs',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name].js',
    comments,
  },
  plugins: [
    {
      name: 'no ES modules',
      buildStart: () => rm('build/cli/chunks', { recursive: true, force: true }),
      generateBundle() {
        this.emitFile({ type: 'asset', fileName: 'package.json', source: '{ "type": "commonjs" }\n' });
      },
    },
  ],
});

/** What a thread runs is one file with all that it needs, and no ES module: a thread starts with it in two thirds of the time. */
const threads = defineConfig({
  input: 'src/threads/roles.ts',
  platform: 'node',
  output: { file: 'build/threads/roles.cjs', format: 'cjs', comments },
});

export default [library, programs, threads];
