import { Argument, Command } from 'commander';
import { SHELLS, type Shell } from './help/shells.js';

const EXAMPLES = `
Examples:
  $ machinelearning completion bash >> ~/.bashrc
  $ machinelearning completion zsh > ~/.zfunc/_machinelearning
  $ machinelearning completion fish > ~/.config/fish/completions/machinelearning.fish
`;

/** `completion SHELL`; the script is made when it is run. */
export function completionCommand(): Command {
  return new Command('completion')
    .description('print a script that completes commands and options in a shell')
    .addArgument(new Argument('<shell>', 'shell to make it for').choices(SHELLS))
    .addHelpText('after', EXAMPLES)
    .action(async (shell: Shell) => {
      const { completion } = await import('./help/completion.js');
      process.stdout.write(completion(shell));
    });
}
