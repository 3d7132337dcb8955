import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { CreateKeyCommand } from '@aws-sdk/client-kms';
import { CreateBucketCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { atATime } from '../crash/cut-off.ts';
import { assertOneOfEach } from '../crash/one-of-each.ts';
import { type Changes, exampleWith, ofEnvironment } from '../e2e/answers.ts';
import { keyferry, keyferryMeasured } from '../e2e/program.ts';
import { newFolder } from '../new-folder.ts';
import { must, practise } from '../practice/practising.ts';
import { isLong, seed } from '../seed.ts';
import { between } from './between.ts';
import { drawsOf, hostileAnswer } from './hostile-answer.ts';
import { environmentOf } from './outside.ts';
import { requestKind } from './request-kind.ts';

/*
 * Somebody answers in the place of AWS: values, elements, headers, statuses and bytes of answers are others. The program ends in
 * words, writes nothing outside of its folder, keeps its memory small, and the same ceremony finishes once AWS itself answers.
 */

const timeout = 3_600_000;
const ceremonies = isLong ? 300 : 8;
const looks = isLong ? 200 : 12;
const mostMiB = 300;

const files = newFolder();
const [small, large] = ['a.bin', 'b.bin'].map((name) => join(files, name)) as [string, string];
writeFileSync(small, randomBytes(900));
// Is sent in parts.
writeFileSync(large, randomBytes(9 * 1024 * 1024));
// Whoever runs without an answer of IAM has to name somebody.
const admins = () => ['arn:aws:iam::000000000000:role/SecurityAdmin'];
const changes: Changes = {
  permissions: { administrators: admins(), users: admins() },
  'encrypt-objects': { where: 'new', bucket: 'archive-of-tests', what: 'files', files: [small, large] },
};

/** Practice AWS with somebody before it, and a folder deep enough that a name with `../../../` leads into `whole`. */
async function world(t: TestContext) {
  const practice = await practise(t, { folder: join(newFolder(), 'aws') });
  const proxy = await between(practice.server.endpoint);
  t.after(proxy.close);
  const whole = newFolder();
  const here = join(whole, 'a', 'b', 'c', 'd');
  mkdirSync(here, { recursive: true });
  const environment = {
    ...environmentOf(practice.server.credentials),
    // Two tries show what each try meets, and cost less time than six.
    AWS_MAX_ATTEMPTS: '2',
  };
  const running =
    (runs: typeof keyferry) =>
    (...args: readonly string[]) =>
      runs([...args, '--endpoint-url', proxy.endpoint], here, environment);
  return {
    practice,
    proxy,
    here,
    run: running(keyferry),
    runMeasured: running(keyferryMeasured),
    /** What lies anywhere but in the places of the program. */
    strays: () =>
      readdirSync(whole, { recursive: true })
        .map(String)
        .filter(
          (name) =>
            name.includes('planted') || !/^a(\/b(\/c(\/d(\/(answers\.yaml|w|\.cache)(\/.*)?)?)?)?)?$/.test(name),
        ),
  };
}

type World = Awaited<ReturnType<typeof world>>;

/** The kinds of the requests of a run that nobody disturbs. */
async function requestsOf({ proxy }: World, run: () => ReturnType<typeof keyferry>): Promise<readonly string[]> {
  const kinds: string[] = [];
  proxy.decide((call) => {
    kinds.push(requestKind(call));
    return undefined;
  });
  const { status, stderr } = await run();
  // A look that has found something ends with 1.
  assert.ok(status === 0 || status === 1, stderr);
  proxy.decide(() => undefined);
  return kinds;
}

/** Answers one of these kinds of requests otherwise, once or more often, as the number draws it. Gives what it sends. */
function disturb(
  { proxy }: World,
  kinds: readonly string[],
  number: number,
): { readonly kind: string; readonly sent: Buffer[] } {
  const draw = drawsOf(number);
  const kind = draw.one(kinds);
  const sent: Buffer[] = [];
  const times = draw.one([1, 1, 2, 1000]);
  let met = 0;
  proxy.decide((call) => {
    if (requestKind(call) !== kind || met === times) return undefined;
    met += 1;
    return {
      sendBack: (answer) => {
        const bytes = hostileAnswer(answer, draw);
        sent.push(bytes);
        return bytes;
      },
    };
  });
  return { kind, sent };
}

const unreadable = /unforeseen|undefined|\[object|\b\w+Error: |\b(Type|Range|Syntax)Error\b|^\s+at |NaN\b/gm;
const invisible = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/;

let mostMeasuredMiB = 0;

/** Asserts that a measured run ended in words. Words that were sent to it are not its own. */
function assertInWords(
  { status, stdout, stderr, mostMiB: memory = Number.NaN }: Awaited<ReturnType<typeof keyferry>>,
  sent: readonly Buffer[] = [],
) {
  mostMeasuredMiB = Math.max(mostMeasuredMiB, memory);
  const told = stdout + stderr;
  assert.ok([0, 1, 2, 3].includes(status ?? -1), `status ${status}: ${stderr}`);
  for (const [found] of told.matchAll(unreadable))
    assert.ok(
      sent.some((bytes) => bytes.includes(found)),
      `${found}: ${told}`,
    );
  assert.doesNotMatch(told, invisible);
  assert.ok(told.length < 100_000, `${told.length} characters`);
  if (status !== 0) assert.notEqual(told.trim(), '');
  assert.ok(memory < mostMiB, `${memory} MiB`);
}

const numbers = (many: number) => Array.from({ length: many }, (_, index) => seed + index);

test(`${ceremonies} ceremonies with hostile answers end in words, and then finish with one of each`, {
  timeout,
}, async (t) => {
  const inFolder = ['run', 'answers.yaml', '--workdir', 'w', '--json'];
  const begun = async (each: TestContext) => {
    const made = await world(each);
    writeFileSync(join(made.here, 'answers.yaml'), exampleWith(ofEnvironment, changes));
    return made;
  };
  const undisturbed = await begun(t);
  const kinds = await requestsOf(undisturbed, () => undisturbed.run(...inFolder));
  assert.deepEqual(undisturbed.strays(), []);
  const statuses: Record<string, number> = {};
  await atATime(4, numbers(ceremonies), (number) =>
    t.test(`SEED=${number}`, async (each) => {
      const made = await begun(each);
      const { kind, sent } = disturb(made, kinds, number);
      const first = await made.runMeasured(...inFolder);
      statuses[`${first.status}`] = (statuses[`${first.status}`] ?? 0) + 1;
      assertInWords(first, sent);
      made.proxy.decide(() => undefined);
      const { status, stderr } = first.status === 0 ? first : await made.run(...inFolder);
      assert.equal(status, 0, `${kind}: ${stderr}`);
      // AWS has acted, and the answer says that AWS refused, or names another upload: nobody can know better.
      const isLie =
        kind === 's3:POST b.bin uploads' ||
        sent.some((bytes) => /^HTTP\/1\.1 [34]/.test(bytes.toString('latin1', 0, 10)));
      if (!isLie) await assertOneOfEach(made.practice.server, join(made.here, 'w'));
      assert.deepEqual(made.strays(), []);
    }),
  );
  t.diagnostic(`ended with ${JSON.stringify(statuses)}, at most ${Math.round(mostMeasuredMiB)} MiB`);
});

test(`${looks} looks and uploads with hostile answers end in words`, { timeout }, async (t) => {
  const made = await world(t);
  const { practice, here } = made;
  const { KeyMetadata } = await practice.kms().send(new CreateKeyCommand({ Origin: 'EXTERNAL' }));
  const ours = must((await practice.kms().send(new CreateKeyCommand({}))).KeyMetadata?.Arn);
  await practice.s3().send(new CreateBucketCommand({ Bucket: 'a-bucket' }));
  for (const Key of ['a', 'b c/d', 'ü'])
    await practice.s3().send(
      new PutObjectCommand({
        Bucket: 'a-bucket',
        Key,
        Body: 'x',
        ServerSideEncryption: 'aws:kms',
        SSEKMSKeyId: ours,
      }),
    );
  assert.ok(KeyMetadata);
  const commands = [
    ['status', '--region', 'us-east-1'],
    ['status', '--region', 'us-east-1', '--json'],
    ['audit', 's3://a-bucket', '--region', 'us-east-1'],
    ['audit', 's3://a-bucket', '--key', ours, '--region', 'us-east-1', '--json'],
    [
      'encrypt',
      small,
      large,
      '--to',
      's3://a-bucket/N',
      '--key',
      ours,
      '--region',
      'us-east-1',
      '--workdir',
      'w/N',
      '--read-back',
    ],
  ];
  const named = (command: readonly string[], number: number) =>
    command.map((word) => word.replace(/\/N$/, `/${number}`));
  mkdirSync(join(here, 'w'), { mode: 0o700 });
  const kindsOf = new Map<readonly string[], readonly string[]>();
  for (const command of commands) kindsOf.set(command, await requestsOf(made, () => made.run(...named(command, 0))));
  const failures: string[] = [];
  const statuses: Record<string, number> = {};
  for (const number of numbers(looks)) {
    const command = commands[number % commands.length] as readonly string[];
    const { kind, sent } = disturb(made, kindsOf.get(command) ?? [], number);
    const ran = await made.runMeasured(...named(command, number));
    statuses[`${ran.status}`] = (statuses[`${ran.status}`] ?? 0) + 1;
    try {
      assertInWords(ran, sent);
      assert.deepEqual(made.strays(), []);
    } catch (error) {
      failures.push(`SEED=${number}, ${command[0]}, ${kind}: ${(error as Error).message}`);
    }
  }
  t.diagnostic(`ended with ${JSON.stringify(statuses)}, at most ${Math.round(mostMeasuredMiB)} MiB`);
  assert.deepEqual(failures, []);
});
