import { rm } from 'node:fs/promises';
import { defineConfig } from 'rolldown';

/**
 * What runs, in a few files: loading each of hundreds takes longer than what is in them. What only some commands need stays
 * apart, and so do dependencies. Declarations of types come from `tsc`.
 */
const programs = defineConfig({
  input: {
    node: 'src/node.ts',
    'cli/main': 'src/cli/main.ts',
    'cli/machinelearning': 'src/cli/machinelearning.ts',
    'cli/job-runner': 'src/cli/job-runner.ts',
  },
  platform: 'node',
  external: /^[^./]/,
  output: { dir: 'build', chunkFileNames: 'chunks/[name].js' },
  plugins: [{ name: 'remove old chunks', buildStart: () => rm('build/chunks', { recursive: true, force: true }) }],
});

/** What a thread runs is one file with all that it needs, and no ES module: a thread starts with it in two thirds of the time. */
const threads = defineConfig({
  input: 'src/threads/roles.ts',
  platform: 'node',
  output: { file: 'build/threads/roles.cjs', format: 'cjs' },
});

export default [programs, threads];
