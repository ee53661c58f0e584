#!/usr/bin/env node
import { isServiceCommandLine } from './aws/form.js';

const args = process.argv.slice(2);

if (isServiceCommandLine(args)) {
  const { runService } = await import('./aws/run-service.js');
  process.exitCode = await runService('machinelearning', args);
} else {
  const [{ machinelearningProgram }, { run }] = await Promise.all([
    import('./machinelearning-program.js'),
    import('./run.js'),
  ]);
  await run(machinelearningProgram());
}
