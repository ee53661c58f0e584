#!/usr/bin/env node
import { isServiceForm } from './aws/form.js';

async function main(args: readonly string[]): Promise<void> {
  if (args[0] !== 'predict' && isServiceForm('create-ml-model', args)) {
    const { runService } = await import('./aws/run-service.js');
    process.exitCode = await runService('create-ml-model', ['create-ml-model', ...args]);
    return;
  }
  const [{ createMlModelProgram }, { run }] = await Promise.all([
    import('./create-ml-model-program.js'),
    import('./run.js'),
  ]);
  await run(createMlModelProgram());
}

void main(process.argv.slice(2));
