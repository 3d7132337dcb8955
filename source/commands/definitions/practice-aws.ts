import { InvalidArgumentError } from 'commander';
import type { PracticeAwsOptions } from '../practice-aws.ts';
import { runUntilStopped } from '../until-stopped.ts';
import type { Define } from './define.ts';

// Pages: KMS developer guide, "Request quotas".

/** The flags that remove what practice has left. */
type ForgetOptions = { readonly forget?: boolean; readonly yes?: boolean };

export const definePracticeAws: Define = (program, end) => {
  program
    .command('practice-aws')
    .description('Serves practice AWS (KMS, S3, IAM and STS) on this machine, for any AWS client.')
    .option('--port <number>', 'the port on 127.0.0.1', portNumber)
    .option('--state <folder>', 'where keys, buckets and objects are kept (default: ./keyferry-practice-aws)')
    .option('--as <name>', 'print the credentials of this user or role (default: SecurityAdmin, who may do everything)')
    .option('--clock-speed <times>', 'let the practice clock run this many times as fast', clockSpeed)
    .option('--fault <fault>', 'make requests fail; may be given several times', collect)
    .option('--seed <number>', 'which requests a fault with a chance hits', wholeNumber)
    .option('--real-limits', 'throttle as AWS does, such as GetParametersForImport after 1 request a second')
    .option('--fixed-credentials', 'access keys that are the same in every state folder, and keep nobody out')
    .option('--forget', 'name what practice has left in the state folder, ask, and remove it; serve nothing')
    .option('--yes', 'with --forget: do not ask')
    .option(
      '--unverified',
      'print which answers no recording of AWS stands behind and which operations are not there, and serve nothing',
    )
    .addHelpText(
      'after',
      `
Examples:
  keyferry practice-aws --port 4599
  then, in another terminal, paste the lines that it prints, and:
  aws kms list-keys
  aws s3 ls

  keyferry practice-aws --as app-deployer     someone who may not list users
  keyferry practice-aws --as root             or session/root, secops-1, session/secops-1,
                                              federated-user/ana, or any role of iam list-roles,
                                              such as those of IAM Identity Center
  keyferry practice-aws --clock-speed 3600    an hour passes each second
  keyferry practice-aws --forget              what practice has left here: remove it
  keyferry practice-aws --fault kms:CreateKey=fail,times=2
  keyferry practice-aws --fault iam=silent    a private subnet, from which IAM is out of reach
  keyferry practice-aws --fault s3=slow,milliseconds=800,chance=0.5 --seed 7

A fault is an operation, such as kms:CreateKey, kms or s3:Get*, and one of
  throttle     refuse it as AWS does past a quota; perSecond=N lets N through
  fail         answer 500, without having acted
  slow         answer late; milliseconds=N
  drop-before  cut the connection before acting
  drop-after   act, then cut the connection instead of answering
  silent       never answer
  expire       answer that the session has ended
each with chance=0.5, after=N (let N pass first) and times=N (hit N at most).

The same is switched on and off by practice-control.json in the state folder,
while practice AWS runs, also under keyferry --practice and run --practice:
  {"faults": [{"operation": "kms:ImportKeyMaterial", "do": "drop-after"}],
   "deny": {"SecurityAdmin": ["kms:CreateKey"]}, "realLimits": true,
   "clockSpeed": 60, "seed": 7, "newKeyTries": 2}
With "deny": {"SecurityAdmin": ["iam:*"]} IAM refuses to say who is who. Requests to a
Region of GovCloud or China come from an account of that partition.
newKeyTries, newBucketTries and newMaterialTries say how many requests come too
early for a new key or bucket, and for a key just imported into; newPrincipals, a
list of ARNs, who is not known yet; foreignBuckets, a list of names, which buckets
others have; sessionSeconds, how long sessions last. The role BreakGlass wants
MFA: the code of arn:aws:iam::000000000000:mfa/secops-1 is 123456.`,
    )
    .action(async ({ forget, yes = false, ...options }: PracticeAwsOptions & ForgetOptions) => {
      const { defaultState, practiceAws } = await import('../practice-aws.ts');
      const { forgetPractice } = await import('../forget-practice.ts');
      const { stdin, stdout, stderr } = process;
      const { state = defaultState } = options;
      end(
        await runUntilStopped((signal) =>
          forget === true
            ? forgetPractice(state, yes, { stdin, stdout, stderr, signal })
            : practiceAws(options, { stdout, stderr, signal }),
        ),
      );
    });
};

/* These functions read the value of a flag. Commander prints an InvalidArgumentError as wrong usage. */

/** Port 0 means any free port. */
function portNumber(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a number from 0 to 65535.');
}

/**
 * Reads the speed of the practice clock: 1 is real time, 2 is twice as fast, and 0 stops the clock. Number('') is 0, so an empty
 * text is refused.
 */
function clockSpeed(text: string): number {
  const times = text.trim() === '' ? Number.NaN : Number(text);
  if (times >= 0 && times <= 1e6) return times;
  throw new InvalidArgumentError('A clock speed is a number from 0 to 1000000.');
}

/** Reads a whole number of at most 15 digits: JavaScript can hold each of them exactly. */
function wholeNumber(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('A seed is a whole number.');
}

/** Collects the values of a flag that is given several times. @param earlier the values so far. */
function collect(text: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, text];
}
