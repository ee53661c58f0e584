#!/usr/bin/env node
import { isServiceCommandLine } from './aws/form.js';

async function main(args: readonly string[]): Promise<void> {
  if (isServiceCommandLine(args)) {
    const { runService } = await import('./aws/run-service.js');
    process.exitCode = await runService('machinelearning', args);
    return;
  }
  const [{ machinelearningProgram }, { run }] = await Promise.all([
    import('./machinelearning-program.js'),
    import('./run.js'),
  ]);
  await run(machinelearningProgram());
}

void main(process.argv.slice(2));
