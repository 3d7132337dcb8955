import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { version } from '../version.ts';
import type { CheckOptions } from './check-backup.ts';
import { tellFailure } from './failure.ts';
import { explainHelp, unfinishedHelp } from './help-texts.ts';
import type { PlaceOptions } from './open-ceremony.ts';
import type { InterfaceOptions } from './open-interface.ts';
import type { PracticeAwsOptions } from './practice-aws.ts';
import type { RunOptions } from './run.ts';
import { untilStopped } from './until-stopped.ts';

/** Exit statuses: 0 finished, 1 failed, 2 cannot start, 3 stopped after a problem with progress saved, 130 stopped by the person. */
const statuses =
  'Exit status: 0 finished, 1 failed, 2 cannot start, 3 stopped after a problem with progress saved, 130 stopped by you.';

/**
 * Reads argv and runs the command it names. Commands load on first use, so that none waits for another's libraries.
 * @returns the exit status.
 */
export async function runCommandLine(argv: readonly string[]): Promise<number> {
  let status = 0;
  const program = placeOptions(
    new Command('keyferry')
      .description(
        'Brings your own key into AWS KMS, one step at a time, and encrypts S3 objects with it.\nWithout a command it opens the assistant.',
      )
      .version(version, '--version', 'print the version')
      .helpOption('--help', 'print this help')
      .helpCommand(false)
      .addHelpText(
        'after',
        `
Examples:
  keyferry --practice            rehearse everything on this machine, without an account
  keyferry --profile ops         work in the account of a profile
  keyferry run answers.yaml      do it unattended
  keyferry unfinished            keys of earlier tries that still wait for material
  keyferry explain ERROR         what an error of AWS or openssl means, and what to do

A ceremony that was stopped goes on when keyferry is started in the same folder.
${statuses}`,
      ),
  )
    .addOption(videoOption())
    .addOption(redactOption())
    .option('--plain', 'line by line, without a screen; also for screen readers, TERM=dumb and pipes')
    .allowExcessArguments(false)
    .action(async (options: InterfaceOptions) => {
      const { assistant } = await import('./assistant.ts');
      status = await assistant(options);
    });

  placeOptions(program.command('run'))
    .description('Runs the same ceremony unattended, with answers from a YAML file.')
    .argument('[answers]', 'the file of answers')
    .option('--json', 'print one JSON object about the result; progress goes to standard error')
    .addOption(videoOption())
    .addOption(redactOption())
    .option('--runbook', 'also save runbook.md to read and runbook.sh to run, beside record.md')
    .option('--example', 'print a commented file of answers that works as it stands with --practice')
    .helpOption('--help', 'print this help')
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
      const { run } = await import('./run.ts');
      status = await untilStopped((signal) =>
        run(
          answers,
          { ...command.parent?.opts<PlaceOptions>(), ...options },
          { stdout: process.stdout, stderr: process.stderr, signal },
        ),
      );
    });

  program
    .command('check-backup')
    .description('Lets KMS say whether a backup is the key: imports it again as the material that is there.')
    .argument('[file]', 'the backup (default: the one that the ceremony made)')
    .option('--workdir <folder>', "the ceremony's folder (default: where the backup is, or the current one)")
    .option('--profile <name>', 'use this profile of the shared AWS config')
    .option('--endpoint-url <url>', 'send every request to this endpoint')
    .option('--passphrase-file <file>', 'a file with the passphrase, for its owner alone')
    .option('--identity <file>', 'an age identity file, for a backup to recipients')
    .option('--yes', 'import again without asking; a disabled key is disabled again')
    .option('--plain', 'ask line by line instead of on a screen')
    .helpOption('--help', 'print this help')
    .addHelpText(
      'after',
      `
Example:
  keyferry check-backup --workdir keyferry-payments-2026
  keyferry check-backup copy.key.age --workdir my-first-key --passphrase-file pass.txt --yes

Other bytes than those of the key are refused by KMS and change nothing.
Exit status: 0 the same key, 1 another key, 2 cannot start, 3 stopped after a problem, 130 stopped by you.`,
    )
    .action(async (file: string | undefined, options: CheckOptions, command: Command) => {
      const { checkBackup } = await import('./check-backup.ts');
      status = await untilStopped((signal) =>
        checkBackup(file, { ...command.parent?.opts<PlaceOptions>(), ...options }, signal),
      );
    });

  program
    .command('practice-aws')
    .description('Serves practice AWS (KMS, S3, IAM and STS) on this machine, for any AWS client.')
    .option('--port <number>', 'the port on 127.0.0.1', portNumber)
    .option('--state <folder>', 'where keys, buckets and objects are kept (default: ./keyferry-practice-aws)')
    .option('--as <name>', 'print the credentials of this user or role (default: SecurityAdmin, who may do everything)')
    .option('--clock-speed <times>', 'let the practice clock run this many times as fast', clockSpeed)
    .option('--fault <fault>', 'make requests fail; may be given several times', collected)
    .option('--seed <number>', 'which requests a fault with a chance hits', wholeNumber)
    .option('--real-limits', 'throttle as AWS does, such as GetParametersForImport after 1 request a second')
    .option('--unverified', 'print which answers no recording of AWS stands behind, and serve nothing')
    .helpOption('--help', 'print this help')
    .addHelpText(
      'after',
      `
Examples:
  keyferry practice-aws --port 4599
  then, in another terminal, paste the lines that it prints, and:
  aws kms list-keys
  aws s3 ls

  keyferry practice-aws --as app-deployer     someone who may not list users
  keyferry practice-aws --clock-speed 3600    an hour passes each second
  keyferry practice-aws --fault kms:CreateKey=fail,times=2
  keyferry practice-aws --fault s3=slow,milliseconds=800,chance=0.5 --seed 7

A fault is an operation, such as kms:CreateKey, kms or s3:Get*, and one of
  throttle     refuse it as AWS does past a quota; perSecond=N lets N through
  fail         answer 500, without having acted
  slow         answer late; milliseconds=N
  drop-before  cut the connection before acting
  drop-after   act, then cut the connection instead of answering
each with chance=0.5, after=N (let N pass first) and times=N (hit N at most).

The same is switched on and off by practice-control.json in the state folder,
while practice AWS runs, also under keyferry --practice and run --practice:
  {"faults": [{"operation": "kms:ImportKeyMaterial", "do": "drop-after"}],
   "deny": {"SecurityAdmin": ["kms:CreateKey"]}, "realLimits": true,
   "clockSpeed": 60, "seed": 7, "newKeyTries": 2}
newKeyTries and newMaterialTries say how many requests come too early for a new
key, and for one just imported into; newPrincipals, a list of ARNs, who is not
known yet; foreignBuckets, a list of names, which buckets others have.`,
    )
    .action(async (options: PracticeAwsOptions) => {
      const { practiceAws } = await import('./practice-aws.ts');
      status = await untilStopped((signal) =>
        practiceAws(options, { stdout: process.stdout, stderr: process.stderr, signal }),
      );
    });

  placeOptions(program.command('unfinished'))
    .description('Lists the keys that Keyferry made and that still wait for their material. Changes nothing.')
    .helpOption('--help', 'print this help')
    .addHelpText('after', unfinishedHelp)
    .action(async (options: PlaceOptions, command: Command) => {
      const { unfinished } = await import('./unfinished.ts');
      const place = { ...command.parent?.opts<PlaceOptions>(), ...options };
      status = await untilStopped((signal) =>
        unfinished(place, { stdout: process.stdout, stderr: process.stderr, signal }),
      );
    });

  program
    .command('explain')
    .description('Explains an error of AWS, the aws command or openssl: what it means, why, and what to do.')
    .argument('[text...]', 'a code, or the pasted error; without it, standard input is read')
    // Pasted text may hold words that look like options.
    .allowUnknownOption()
    .helpOption('--help', 'print this help')
    .addHelpText('after', explainHelp)
    .action(async (words: readonly string[]) => {
      const { explainPasted } = await import('./explain.ts');
      const { readTerminal } = await import('../terminal/terminal-facts.ts');
      const { env, stdin, stdout, stderr } = process;
      status = await explainPasted(words, { stdin, stdout, stderr, terminal: readTerminal({ env, stdin, stdout }) });
    });

  for (const command of [program, ...program.commands]) {
    command
      .exitOverride()
      .configureHelp({ minWidthToWrap: 20 })
      .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'keyferry: ')) });
  }
  try {
    await program.parseAsync(argv);
    return status;
  } catch (error) {
    // Help and version end the same way as usage errors; only the latter are a failure to start.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    return tellFailure(error);
  }
}

const redactOption = () =>
  new Option('--redact', 'show stand-ins for accounts, ARNs, names and addresses; files keep the real ones');

const videoOption = () =>
  new Option('--as-in-the-video', 'choose as the article and its video do, in its order and words');

function placeOptions(command: Command): Command {
  return command
    .option('--practice', 'work on practice AWS, on this machine; no account needed')
    .option('--profile <name>', 'use this profile of the shared AWS config')
    .option('--region <code>', 'work in this Region')
    .option('--endpoint-url <url>', 'send every request to this endpoint')
    .option('--workdir <folder>', "the ceremony's folder, made if missing (default: ./keyferry-ALIAS)");
}

function portNumber(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a number from 0 to 65535.');
}

function clockSpeed(text: string): number {
  const times = text.trim() === '' ? Number.NaN : Number(text);
  if (times >= 0 && times <= 1e6) return times;
  throw new InvalidArgumentError('A clock speed is a number from 0 to 1000000.');
}

function wholeNumber(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('A seed is a whole number.');
}

function collected(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}
