import type { Command } from 'commander';
import type { DoctorOptions } from '../doctor.ts';
import type { PlaceOptions } from '../open-ceremony.ts';
import { runUntilStopped } from '../until-stopped.ts';
import type { Define } from './define.ts';
import { placeOptions } from './options.ts';

export const defineDoctor: Define = (program, end) => {
  placeOptions(program.command('doctor'))
    .description(
      'Says whether Keyferry will work here, and why not: terminal, network, profile, clock. Changes nothing.',
    )
    .option('--json', 'print one JSON object')
    .addHelpText(
      'after',
      `
Example:
  keyferry doctor --profile ops --region eu-central-1

  + KMS at kms.eu-central-1.amazonaws.com answers after 41 ms.
      52.94.146.10, 52.94.146.56
      TLSv1.3 with X25519MLKEM768; certificate by Amazon, Amazon RSA 2048 M01
  x This machine's clock is 412 s behind STS's clock.
    Past 5 minutes AWS refuses signatures.

Without --profile it works as the aws command does. When a profile needs an MFA
code, Keyferry asks you for it, at a terminal only.
Passwords and access keys are not shown.
Exit status: 0 it will work, 1 something will not, 2 wrong usage, 130 stopped by you.`,
    )
    .action(async (options: DoctorOptions, command: Command) => {
      const { doctor } = await import('../doctor.ts');
      const place = { ...command.parent?.opts<PlaceOptions>(), ...options };
      end(await runUntilStopped((signal) => doctor(place, signal)));
    });
};
