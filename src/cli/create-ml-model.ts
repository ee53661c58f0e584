import { isServiceForm } from './aws/form.js';
import { createMlModelProgram } from './create-ml-model-program.js';
import { run } from './run.js';

async function main(args: readonly string[]): Promise<void> {
  if (args[0] === 'predict' || !isServiceForm('create-ml-model', args)) return run(createMlModelProgram());
  const { runService } = await import('./aws/run-service.js');
  process.exitCode = await runService('create-ml-model', ['create-ml-model', ...args]);
}

void main(process.argv.slice(2));
