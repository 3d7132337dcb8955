import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { program } from '../e2e/program.ts';

export const bucket = 'bench-bucket';

/** Where a tool uploads to, under which key, and the folder for its own files. */
export type Place = {
  readonly keyArn: string;
  readonly endpoint: string;
  readonly folder: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
};

export type Tool = {
  readonly name: string;
  /** Uploads what is in a folder under a prefix, as users of the tool would write it. */
  readonly command: (from: string, prefix: string, place: Place) => readonly string[];
};

export const keyferry: Tool = {
  name: 'keyferry',
  command: (from, prefix, { keyArn, endpoint, folder }) => [
    ...[process.execPath, program, 'encrypt', from, '--to', `s3://${bucket}/${prefix}`, '--key', keyArn],
    ...['--endpoint-url', endpoint, '--workdir', join(folder, `w-${prefix}`), '--region', 'us-east-1', '--json'],
  ],
};

const words = (line: string) => line.split(' ');

const others: readonly Tool[] = [
  {
    name: 'aws',
    command: (from, prefix, { keyArn }) =>
      words(
        `aws s3 cp --recursive --only-show-errors ${from} s3://${bucket}/${prefix}/ --sse aws:kms --sse-kms-key-id ${keyArn}`,
      ),
  },
  {
    name: 'rclone',
    command: (from, prefix, { keyArn, endpoint }) =>
      words(
        `rclone copy ${from} :s3:${bucket}/${prefix} --s3-provider Other --s3-force-path-style --s3-env-auth --s3-region us-east-1 --s3-endpoint ${endpoint} --s3-server-side-encryption aws:kms --s3-sse-kms-key-id ${keyArn} --s3-no-check-bucket`,
      ),
  },
  {
    name: 's5cmd',
    command: (from, prefix, { keyArn }) =>
      words(`s5cmd cp --sse aws:kms --sse-kms-key-id ${keyArn} ${from}/ s3://${bucket}/${prefix}/`),
  },
];

/** Finds the other tools that are on this machine, and says which are not. */
export function findOthers(): readonly Tool[] {
  return others.filter(({ name }) => {
    const isPresent = spawnSync(name, ['--version']).error === undefined;
    if (!isPresent) console.log(`upload                 skipped: no ${name}`);
    return isPresent;
  });
}

/** What a command took: seconds on the clock and of the processors, and the most memory at once in MiB. */
export type Taken = { readonly seconds: number; readonly processor: number; readonly memory: number };

/**
 * Runs a tool to its end. `time` of GNU measures it; without that program, only the clock does.
 * @throws when the tool fails.
 */
export async function measure(tool: Tool, from: string, prefix: string, place: Place): Promise<Taken> {
  const command = tool.command(from, prefix, place);
  const isTimed = spawnSync('/usr/bin/time', ['--version']).error === undefined;
  const [file = '', ...args] = isTimed ? ['/usr/bin/time', '-f', 'took %U %S %M', ...command] : command;
  const began = performance.now();
  const child = spawn(file, args, { env: environmentOf(place), stdio: ['ignore', 'pipe', 'pipe'] });
  const [, complaint] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  const seconds = (performance.now() - began) / 1000;
  if (child.exitCode !== 0) throw new Error(`${command.join(' ')}: ${complaint.slice(-2000)}`);
  const [, user, system, kilobytes] = /took (\S+) (\S+) (\d+)/.exec(complaint) ?? [];
  return { seconds, processor: Number(user) + Number(system), memory: Number(kilobytes) / 1024 };
}

function environmentOf({ folder, credentials, endpoint }: Place): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: folder,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: endpoint,
    S3_ENDPOINT_URL: endpoint,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}
