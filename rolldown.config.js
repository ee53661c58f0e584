import { readFile, rm } from 'node:fs/promises';
import { defineConfig } from 'rolldown';

/** Dependencies that every start needs, and their licenses; the last has the one of this project, and no file of it. */
const INCLUDED = {
  commander: 'node_modules/commander/LICENSE',
  picocolors: 'node_modules/picocolors/LICENSE',
  '@assemblyscript/loader': 'LICENSE',
};
/** The service has its own files. */
const RUN_SERVICE = /aws\/run-service\.(js|ts)$/;

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
    'run-service': 'src/cli/aws/run-service.ts',
    machinelearning: 'src/cli/machinelearning.ts',
    'job-runner': 'src/cli/job-runner.ts',
  },
  output: {
    dir: 'build/cli',
    format: 'cjs',
    entryFileNames: ({ name }) => (name === 'run-service' ? 'chunks/[name].js' : '[name].js'),
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

/**
 * What `create-ml-model` does with files is in two scripts with all that they need, one for its options, one for its work: they
 * are compiled once (`src/cli/kept-scripts.ts`), and a few large files are read sooner than many small ones.
 */
const scripts = defineConfig({
  platform: 'node',
  input: { 'create-ml-model': 'src/cli/create-ml-model.ts' },
  external: (id) => RUN_SERVICE.test(id) || (/^[^./]/.test(id) && !(id in INCLUDED)),
  output: {
    dir: 'build/cli/scripts',
    format: 'cjs',
    entryFileNames: '[name].js',
    chunkFileNames: '[name].js',
    paths: (id) => (RUN_SERVICE.test(id) ? '../chunks/run-service.js' : id),
    comments,
    codeSplitting: {
      groups: [
        { name: 'program', test: /src\/cli\/create-ml-model\.ts$/, priority: 2 },
        { name: 'training', test: /src\/(cli\/train|train-model)\.ts$/, priority: 1 },
      ],
    },
  },
  plugins: [
    {
      name: 'imports by the loader, ASCII, licenses of what is included',
      buildStart: () => rm('build/cli/scripts', { recursive: true, force: true }),
      renderChunk: (code) => code.replace(/\bimport\((?=")/g, 'importModule('),
      async generateBundle(_options, bundle) {
        for (const chunk of Object.values(bundle)) if (chunk.type === 'chunk') chunk.code = asAscii(chunk.code);
        const licenses = Object.entries(INCLUDED).map(
          async ([name, file]) => `${name}\n\n${await readFile(file, 'utf8')}`,
        );
        this.emitFile({ type: 'asset', fileName: 'LICENSES', source: (await Promise.all(licenses)).join('\n\n') });
      },
    },
  ],
});

/** Of one byte per character, which engines read sooner and keep in half the memory. Such characters are in texts and patterns. */
const asAscii = (code) =>
  code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** What a command begins with is one file: it loads the others. */
const starts = defineConfig({
  input: 'src/cli/main.ts',
  platform: 'node',
  output: { file: 'build/cli/main.js', format: 'cjs', comments },
});

/** What a thread runs is one file with all that it needs, and no ES module: a thread starts with it in two thirds of the time. */
const threads = defineConfig({
  input: 'src/threads/roles.ts',
  platform: 'node',
  output: { file: 'build/threads/roles.cjs', format: 'cjs', comments },
});

export default [library, programs, scripts, starts, threads];
