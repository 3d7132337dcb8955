import type { Define } from './define.ts';

export const defineMan: Define = (program) => {
  program
    .command('man')
    .description('Prints this help as a manual page.')
    .addHelpText(
      'after',
      `
Example:
  keyferry man > keyferry.1; man ./keyferry.1`,
    )
    .action(async () => {
      const { manPage } = await import('../man-page.ts');
      process.stdout.write(manPage(program));
    });
};
