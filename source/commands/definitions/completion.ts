import { Argument } from 'commander';
import { completionScript, shells } from '../completion/scripts.ts';
import type { Define } from './define.ts';

export const defineCompletion: Define = (program) => {
  program
    .command('completion')
    .description('Prints what completes commands and flags of an installed keyferry in a shell.')
    .addArgument(new Argument('<shell>', 'the shell').choices(shells))
    .addHelpText(
      'after',
      `
Examples:
  source <(keyferry completion bash)       in ~/.bashrc
  source <(keyferry completion zsh)        in ~/.zshrc, after compinit
  keyferry completion fish | source        in ~/.config/fish/config.fish`,
    )
    .action((shell: (typeof shells)[number]) => {
      process.stdout.write(completionScript(shell, program));
    });
};
