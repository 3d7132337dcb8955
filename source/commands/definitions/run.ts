import type { Command } from 'commander';
import type { PlaceOptions } from '../open-ceremony.ts';
import type { RunOptions } from '../run.ts';
import { runUntilStopped } from '../until-stopped.ts';
import type { Define } from './define.ts';
import { placeOptions, redactOption, statuses, videoOption } from './options.ts';

export const defineRun: Define = (program, end) => {
  placeOptions(program.command('run'))
    .description('Runs the same ceremony unattended, with answers from a YAML file.')
    .argument('[file]', 'the file of answers')
    .option('--json', 'print one JSON object about the result; progress goes to standard error')
    .addOption(videoOption())
    .addOption(redactOption())
    .option('--runbook', 'also save runbook.md to read and runbook.sh to run, beside record.md')
    .option(
      '--example [ceremony]',
      'print a commented file of answers that works as it stands with --practice: first-import (default), reimport, reimport-wrapped, expiry, encrypt or check-backup, and import-existing once its key is there; with --as-in-the-video, the choices of the tutorial',
    )
    .addHelpText(
      'after',
      `
Example:
  keyferry run --example > answers.yaml
  keyferry run answers.yaml --practice --workdir my-first-key --json

Run it again with the same --workdir to continue after an interruption.
Practice AWS keeps its state in WORKDIR/keyferry-practice-aws; keyferry practice-aws --state serves it again.
${statuses}`,
    )
    .action(async (answers: string | undefined, options: RunOptions, command: Command) => {
      const { run } = await import('../run.ts');
      end(
        await runUntilStopped((signal) =>
          run(
            answers,
            { ...command.parent?.opts<PlaceOptions>(), ...options },
            { stdout: process.stdout, stderr: process.stderr, signal },
          ),
        ),
      );
    });
};
