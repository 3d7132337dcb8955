import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startPracticeAws } from '../../source/practice/server.ts';
import { keyferry } from '../e2e/program.ts';
import { TerminalSession } from '../e2e/terminal-session.ts';
import { newFolder } from '../new-folder.ts';
import { seedKeys } from '../practice/seeded-keys.ts';
import { isLong } from '../seed.ts';

/** In both Regions together. */
const count = isLong ? 3000 : 300;
const regions = ['us-east-1', 'eu-west-1'] as const;
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);

/** A third are of AWS's own material; of the others one in twenty expires soon, and one in twenty has no material yet. */
function keyNumber(index: number) {
  if (index % 3 === 0) return { origin: 'AWS_KMS' } as const;
  const alias = { alias: `alias/key-${index}` };
  if (index % 20 === 1) return { validTo: inDays(12), ...alias };
  return index % 20 === 2 ? alias : { validTo: index % 2 === 0 ? inDays(200) : null, ...alias };
}

type Found = {
  readonly regions: readonly object[];
  readonly keys: readonly { readonly aliases: readonly string[]; readonly due: readonly object[] }[];
};

/** Lets a process of Node write the most memory that it had, in kB, when it ends. */
const reporter = `data:text/javascript,${encodeURIComponent(
  `process.on('exit', () => console.error('most memory: ' + process.resourceUsage().maxRSS))`,
)}`;

test(`status finds what is due among ${count} keys in two Regions, under the request quotas of KMS`, async (t) => {
  const stateFolder = newFolder();
  const keys = Array.from({ length: count / 2 }, (_, index) => keyNumber(index));
  for (const region of regions) seedKeys(stateFolder, region, keys);
  const aws = await startPracticeAws({ stateFolder, settings: { realLimits: true } });
  t.after(() => aws.close());
  const folder = newFolder();
  const environment = {
    AWS_ACCESS_KEY_ID: aws.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: aws.credentials.secretAccessKey,
    AWS_ENDPOINT_URL: aws.endpoint,
  };
  const flags = regions.flatMap((region) => ['--region', region]);

  const began = performance.now();
  const { status, stdout, stderr } = await keyferry(['status', ...flags, '--json'], folder, {
    ...environment,
    NODE_OPTIONS: `--import=${reporter}`,
  });
  const seconds = (performance.now() - began) / 1000;
  assert.equal(status, 1, stderr);
  const found = JSON.parse(stdout) as Found;
  const external = keys.filter((key) => !('origin' in key)).length;
  const due = keys.filter((_, index) => index % 3 !== 0 && (index % 20 === 1 || index % 20 === 2)).length;
  assert.equal(found.keys.length, external * 2);
  assert.deepEqual(
    found.regions,
    regions.map((region) => ({ region })),
  );
  const dueKeys = found.keys.filter((key) => key.due.length > 0);
  assert.equal(dueKeys.length, due * 2);
  assert.ok(
    found.keys.slice(0, due * 2).every((key) => key.due.length > 0),
    'what is due comes first',
  );
  assert.ok(found.keys.every((key) => key.aliases.length === 1));
  const megabytes = Number(/most memory: (\d+)/.exec(stderr)?.[1]) / 1024;
  t.diagnostic(`${count} keys: ${seconds.toFixed(1)} s, ${Math.round(megabytes)} MB at most`);
  assert.ok(megabytes < 500, `${megabytes} MB`);

  // At a terminal the person sees how far it has come.
  const session = new TerminalSession(['status', ...flags], { cwd: folder, env: environment });
  t.after(() => session.kill('SIGKILL'));
  assert.equal(await session.ends(isLong ? 600 : 60), 1);
  const lines = session.transcript();
  assert.match(lines, /Looking at 2 Regions/);
  for (const region of regions)
    assert.match(lines, isLong ? new RegExp(`Keys of ${region}, 750 of 1,500 keys`) : new RegExp(`Keys of ${region}`));
  assert.match(lines, /keys need something\./);
});
