import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openClients } from '../../source/aws/clients.ts';
import { findExternalKeys } from '../../source/aws/external-keys.ts';
import type { Patience } from '../../source/aws/patience.ts';
import { explainAwsError } from '../../source/aws/problems.ts';
import { type Problem, ProblemError } from '../../source/ceremony/problem.ts';
import { explain } from '../../source/commands/open-ceremony.ts';
import { atATime } from '../crash/cut-off.ts';
import { assertOneOfEach } from '../crash/one-of-each.ts';
import { newFolder } from '../new-folder.ts';
import { type Practice, practise } from '../practice/practising.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { sampleOf } from '../seed.ts';
import { beginCheck, beginImport, continueImport } from '../steps/ceremony.ts';
import { type Between, between } from './between.ts';
import { requestKind } from './request-kind.ts';
import { type Spoiled, spoiling, waysToSpoil } from './spoiled-ceremony.ts';
import { seenIn, untrue } from './told-state.ts';

/*
 * Every call that the commands make of AWS is answered never, without an end, or a byte at a time. Each time the command
 * ends in words, what it says of the state is so, and the same ceremony then finishes with one of each. The calls are
 * read from a run in which all goes well. Every day a sample of them meets a sample of these answers.
 */

/** Limits that a test can wait for, in the order of the real ones. */
const shortest: Patience = { answerMs: 1000, assemblyMs: 1500, windowMs: 1000, leastBytes: 1000, mostBytes: 300_000 };
const everyMs = 20;

/**
 * Runs until the spoiled answer is met. On a busy machine the limits may run out at a request before it; then the same run is
 * made again with longer ones.
 */
async function untilMet<Run extends { readonly met: number }>(run: (patience: Patience) => Promise<Run>): Promise<Run> {
  for (const times of [1, 4, 16]) {
    const [answerMs, assemblyMs, windowMs] = [shortest.answerMs, shortest.assemblyMs, shortest.windowMs].map(
      (ms) => ms * times,
    ) as [number, number, number];
    const done = await run({ ...shortest, answerMs, assemblyMs, windowMs });
    if (done.met > 0) return done;
  }
  assert.fail('the request was not made');
}

const folder = newFolder();
const [small, large] = ['a.bin', 'b.bin'].map((name) => join(folder, name)) as [string, string];
writeFileSync(small, randomBytes(900));
// Is sent in parts.
writeFileSync(large, randomBytes(9 * 1024 * 1024));
const { recipient, identityFile } = ageIdentity(newFolder());
const people = ['arn:aws:iam::000000000000:role/SecurityAdmin'];
const answers = {
  // Whoever runs without an answer of IAM has to name somebody.
  permissions: { administrators: people, users: people },
  'encrypt-objects': { where: 'new', bucket: 'archive-of-tests', what: 'files', files: [small, large] },
};

type World = { readonly practice: Practice; readonly proxy: Between };

async function world(t: TestContext): Promise<World> {
  const practice = await practise(t);
  const proxy = await between(practice.server.endpoint);
  t.after(proxy.close);
  return { practice, proxy };
}

/** The kinds of the requests that come while this work goes on. */
async function requestsOf({ proxy }: World, work: () => Promise<unknown>): Promise<readonly string[]> {
  const kinds: string[] = [];
  proxy.decide((call) => {
    kinds.push(requestKind(call));
    return undefined;
  });
  await work();
  proxy.decide(() => undefined);
  return kinds;
}

/** How much longer than its limit each of the two tries to send a large part may take: `lastBytesMs` in source/aws/patience.ts. */
const lastBytesMs = 60_000;

/**
 * The problem that work ends in, and nothing where it finishes. No call takes longer than its limits, as often as it is made;
 * five tries are the most.
 */
async function endOf(work: Promise<unknown>, { answerMs }: Patience): Promise<Problem | undefined> {
  const tooLong = Promise.withResolvers<never>();
  const mostMs = answerMs * 60 + 2 * lastBytesMs;
  const timer = setTimeout(() => tooLong.reject(new Error('It does not end.')), mostMs);
  try {
    await Promise.race([work, tooLong.promise]);
    return undefined;
  } catch (error) {
    if ((error as Error).message === 'It does not end.') throw error;
    return error instanceof ProblemError ? error.problem : explain(error);
  } finally {
    clearTimeout(timer);
  }
}

function assertInWords(problem: Problem): void {
  const { kind, what, why = '', state = '', next } = problem;
  const told = [what, why, state, ...next].join('\n');
  assert.notEqual(kind, 'ours', told);
  assert.doesNotMatch(told, /unforeseen|undefined|\n\s+at |Error:/);
  for (const part of [what, why, state, next[0] ?? '']) assert.notEqual(part, '', told);
}

/** Whoever of the series is drawn meets its answer; the failures of all are told together. */
async function eachOf(series: readonly Spoiled[], oneIn: number, meet: (spoiled: Spoiled) => Promise<void>) {
  const failures: string[] = [];
  await atATime(2, sampleOf(series, oneIn), async (spoiled) => {
    await meet(spoiled).catch((error: unknown) => {
      failures.push(`${JSON.stringify(spoiled)}: ${(error as Error).message}`);
    });
  });
  assert.deepEqual(failures, []);
}

/** What is looked at after a call whose outcome is not known, or cleaned up after one that failed. */
const looks: readonly (readonly [kind: string, then: string])[] = [
  ['kms:CreateKey', 'kms:ListKeys'],
  ['kms:CreateKey', 'kms:ListResourceTags'],
  ['kms:CreateAlias', 'kms:ListAliases'],
  ['kms:ImportKeyMaterial', 'kms:DescribeKey'],
  ['s3:PUT BUCKET', 's3:HEAD BUCKET'],
  ['s3:PUT a.bin', 's3:HEAD a.bin'],
  ['s3:PUT b.bin partNumber&uploadId', 's3:DELETE b.bin uploadId'],
  ['s3:POST b.bin uploadId', 's3:DELETE b.bin uploadId'],
];

test('a first import ends in words at every call without an answer, and then finishes', {
  timeout: 3_600_000,
}, async (t) => {
  const undisturbed = await world(t);
  const first = await beginImport(t, { practice: undisturbed.practice, endpoint: undisturbed.proxy.endpoint, answers });
  const kinds = await requestsOf(undisturbed, () => first.upTo());
  for (const kind of looks) assert.ok(kinds.includes(kind[0]), kind[0]);
  const afterwards = waysToSpoil(looks.map(([kind]) => kind))
    .filter(({ nth }) => nth === 0)
    .flatMap((way) => looks.filter(([kind]) => kind === way.kind).map(([, then]) => ({ ...way, then })));
  await eachOf([...waysToSpoil(kinds), ...afterwards], 45, async (spoiled) => {
    const { practice, proxy, ceremony, problem } = await untilMet(async (patience) => {
      const made = await world(t);
      const decider = spoiling(spoiled, everyMs);
      made.proxy.decide(decider.by);
      const { endpoint } = made.proxy;
      const begun = await beginImport(t, { practice: made.practice, endpoint, answers, patience });
      return { ...made, ceremony: begun, problem: await endOf(begun.upTo(), patience), met: decider.met };
    });
    if (problem !== undefined) {
      assertInWords(problem);
      assert.equal(untrue(problem.state ?? '', await seenIn(practice)), undefined);
    }
    proxy.decide(() => undefined);
    const again = await continueImport(t, ceremony, { endpoint: proxy.endpoint });
    await again.upTo();
    await assertOneOfEach(practice.server, again.services.folder.path);
  });
});

test('the check of a backup ends in words at every call without an answer', { timeout: 3_600_000 }, async (t) => {
  const undisturbed = await world(t);
  const { practice, proxy } = undisturbed;
  const imported = await beginImport(t, {
    practice,
    answers: {
      'secret-key': { keep: 'memory' },
      backup: { how: 'recipients', recipients: [recipient], identity: identityFile },
    },
  });
  await imported.upTo('prove');
  let number = 0;
  const check = (more: object = {}) => {
    number += 1;
    return beginCheck(t, imported, {
      file: imported.services.folder.file('my-first-key.key.age'),
      journalName: `check-${number}.jsonl`,
      answers: { 're-import': { identity: identityFile } },
      endpoint: proxy.endpoint,
      ...more,
    });
  };
  const kinds = await requestsOf(undisturbed, async () => (await check()).upTo());
  const series = sampleOf(waysToSpoil(kinds), 20);
  for (const spoiled of series) {
    const { problem } = await untilMet(async (patience) => {
      const decider = spoiling(spoiled, everyMs);
      proxy.decide(decider.by);
      return { problem: await endOf((await check({ patience })).upTo(), patience), met: decider.met };
    });
    if (problem !== undefined) assertInWords(problem);
    assert.equal((await seenIn(practice)).keyState, 'Enabled');
    proxy.decide(() => undefined);
    assert.equal((await (await check()).upTo()).answer?.same, true);
  }
});

test('a look at the keys of a Region ends in words at every call without an answer', {
  timeout: 3_600_000,
}, async (t) => {
  const undisturbed = await world(t);
  const { practice, proxy } = undisturbed;
  await (await beginImport(t, { practice })).upTo('policy');
  const look = async (patience = shortest) => {
    const clients = await openClients({
      credentials: { from: 'fixed', ...practice.server.credentials },
      region: 'us-east-1',
      endpointUrl: proxy.endpoint,
      onCall: () => {},
      pause: async () => {},
      patience,
    });
    try {
      return await findExternalKeys(clients.kms, 'us-east-1', { signal: new AbortController().signal });
    } catch (error) {
      throw new ProblemError(explainAwsError(error, { what: 'x', state: 'Nothing was changed.' }));
    } finally {
      clients.close();
    }
  };
  const kinds = await requestsOf(undisturbed, () => look());
  assert.equal(kinds.length, 5);
  for (const spoiled of sampleOf(waysToSpoil(kinds), 8)) {
    const { problem } = await untilMet(async (patience) => {
      const decider = spoiling(spoiled, everyMs);
      proxy.decide(decider.by);
      return { problem: await endOf(look(patience), patience), met: decider.met };
    });
    assert.ok(problem !== undefined, JSON.stringify(spoiled));
    assertInWords(problem);
  }
});
