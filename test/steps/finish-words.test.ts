import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Attempt, AttemptRequest } from '../../source/ceremony/attempt.ts';
import { ProblemError } from '../../source/ceremony/problem.ts';
import type { Answers } from '../../source/ceremony/question.ts';
import { sha256Of } from '../../source/disk/sha256.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { finish } from '../../source/steps/finish.ts';
import { checkValuesOf, type KeyHere } from '../../source/steps/secret-key-fact.ts';
import { answeringKms, refusal } from '../aws/answering-clients.ts';
import { connectionOf, foreverImported, wrappedHere } from '../known-facts.ts';
import { newFolder } from '../new-folder.ts';
import { makeOfflineServicesFor, withClients } from '../offline-services.ts';
import { must } from '../practice/practising.ts';
import { bareContext } from './acting.ts';

const plainKey = 'plain_text_aes_key.bin';
/** Bytes as random as those of a key. */
const bytes = createHash('sha256').update('a key').digest();

/** A ceremony that has imported its key, and what it has on the disk. */
function imported(t: TestContext, describeKey: object | Error = { KeyMetadata: { KeyState: 'Enabled' } }) {
  const kms = answeringKms(() => describeKey);
  const services = withClients(t, { kms }, makeOfflineServicesFor(t));
  const { folder } = services;
  using key = SecretBytes.takeFrom(Buffer.from(bytes));
  const secret: KeyHere = { origin: 'generated', bytes: 32, ...checkValuesOf(key) };
  const facts: Facts = {
    connection: connectionOf('arn:aws:iam::000000000000:user/alice'),
    secret,
    description: { alias: 'alias/a', description: '' },
    backup: { by: 'declined' },
    key: { keyId: 'k', keyArn: 'arn:k', alias: 'alias/a', createdAt: '2026-11-24' },
    wrapped: wrappedHere,
    imported: foreverImported,
  };
  const write = (path: string, content: Buffer | string = bytes) => {
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  };
  const plain = folder.file(plainKey);
  const asked = (more: Facts = {}, answers: Answers = {}) =>
    finish.questions({ facts: { ...facts, ...more }, answers, services });
  return { folder, services, facts, secret, write, plain, asked };
}

test('whether the plain key is kept is asked where it is here or will be, and never of a key elsewhere', (t) => {
  const { write, plain, asked, secret } = imported(t);
  const ids = (more: Facts = {}, answers: Answers = {}) => asked(more, answers).map(({ id }) => id);
  assert.deepEqual(ids(), []);
  assert.deepEqual(ids({ secret: { ...secret, file: plainKey } }), ['plain-key']);
  write(plain);
  assert.deepEqual(ids(), ['plain-key']);
  assert.deepEqual(ids({}, { 'plain-key': 'keep' }), ['plain-key']);
  assert.deepEqual(ids({}, { 'plain-key': 'destroy' }), ['plain-key', 'confirm-destroy']);
  assert.deepEqual(ids({ secret: { origin: 'elsewhere', keeper: 'HSM' } }), []);
});

test('whoever may destroy the plain key is told which other copies hold the key, and which files do not any more', (t) => {
  const { write, plain, asked, secret, folder, services } = imported(t);
  write(plain);
  const helpOf = (more: Facts = {}) => {
    const [choice, confirm] = asked(more, { 'plain-key': 'destroy' });
    return [must(choice?.help).split('\nWithout a copy')[0], must(confirm?.help)];
  };
  const shown = `${services.folder.shown}/${plainKey}`;
  const none = /^Keyferry knows of no other copy of the key\.\n/;
  const [only, confirm] = helpOf();
  assert.equal(only, `The only copy that Keyferry knows of is\n${shown}`);
  assert.match(confirm ?? '', none);

  const itself = `${shown} is the key itself, for anyone who gets it.`;
  const source = write(join(newFolder(), 'my.key'));
  const [withOwn, confirmOwn] = helpOf({ secret: { ...secret, source } });
  assert.equal(withOwn, `Your own file holds the same key:\n${source}\n${itself}`);
  assert.doesNotMatch(confirmOwn ?? '', none);

  const sealed = 'age-encryption.org/v1\n';
  write(folder.file('a.key.age'), sealed);
  const fact = {
    by: 'recipients',
    file: 'a.key.age',
    sha256: sha256Of(sealed),
    recipients: [],
    proven: 'opened',
  } as const;
  const [withBackup, confirmBackup] = helpOf({ backup: fact });
  assert.equal(withBackup, `The backup a.key.age holds the same key.\n${itself}`);
  assert.doesNotMatch(confirmBackup ?? '', none);
  const [changed, confirmChanged] = helpOf({ backup: { ...fact, sha256: 'f'.repeat(64) } });
  assert.match(changed ?? '', /^The only copy that Keyferry knows of is\n.*\n\S*a\.key\.age is no copy\. \S/);
  assert.match(confirmChanged ?? '', none);

  write(plain, createHash('sha256').update('another key').digest());
  assert.match(
    helpOf()[0] ?? '',
    /^There is no copy of the key anywhere that Keyferry knows of\.\n\S*\.bin is no copy\. \S/,
  );
  const [other] = helpOf({ imported: { ...foreverImported, secretInKms: 'other' } });
  assert.equal(other, `It is NOT the key in KMS, which refused it as other bytes:\n${shown}`);
});

/** Does the step, and gives what it told, what it tried, and its fact. */
async function finished({ facts, services }: ReturnType<typeof imported>, answers: Answers) {
  const told: string[] = [];
  const tried: Pick<AttemptRequest<unknown>, 'name' | 'probe' | 'refused'>[] = [];
  const attempt: Attempt = async (request) => {
    tried.push(request);
    return request.act();
  };
  const context = bareContext({
    facts,
    answers,
    services,
    report: ({ id, state, label }) => void told.push(`${id} ${state}: ${label}`),
    attempt,
  });
  const { finish: fact } = await finish.act(context);
  return { told, tried, fact };
}

const destroy = { 'plain-key': 'destroy', 'confirm-destroy': 'destroy plain key file' };

test('a plain key is destroyed with what is told before and after, and a run that goes on finds whether it was', async (t) => {
  const ceremony = imported(t);
  ceremony.write(ceremony.plain);
  const { told, tried, fact } = await finished(ceremony, destroy);
  assert.equal(existsSync(ceremony.plain), false);
  assert.deepEqual(told, [
    `plain-key working: Destroying ${plainKey}`,
    `plain-key done: ${plainKey} overwritten and removed`,
    'key working: Asking KMS how the key is',
    'key done: The key is Enabled',
  ]);
  assert.deepEqual([fact?.plainKey, fact?.keyState, fact?.record], ['destroyed', 'Enabled', 'record.md']);
  assert.match(fact?.keyStateAsOf ?? '', /^\d{4}-\d\d-\d\dT/);
  const [request] = tried;
  assert.equal(request?.name, `destroy ${plainKey}`);
  assert.deepEqual(await request.probe(new Date()), { found: 'done', result: undefined });
  ceremony.write(ceremony.plain);
  assert.deepEqual(await request.probe(new Date()), { found: 'not done' });
  const problem = { kind: 'fixable', what: 'w', next: [] } as const;
  assert.equal(request.refused(new ProblemError(problem)), true);
  assert.equal(request.refused(new Error('the disk is gone')), false, 'nobody knows what became of the file');
});

test('a plain key that is kept, or whose phrase was not typed, stays; one that is not here is none', async (t) => {
  const ceremony = imported(t, refusal('AccessDeniedException', 400));
  ceremony.write(ceremony.plain);
  for (const answers of [{ 'plain-key': 'keep' }, { ...destroy, 'confirm-destroy': 'keep' }, {}]) {
    const { told, tried, fact } = await finished(ceremony, answers);
    assert.deepEqual(told, ['key working: Asking KMS how the key is', 'key done: KMS does not say how the key is']);
    assert.deepEqual([tried, fact?.plainKey, fact?.keyState], [[], 'kept', null]);
    assert.ok(existsSync(ceremony.plain));
  }
  rmSync(ceremony.plain);
  assert.equal((await finished(ceremony, {})).fact?.plainKey, 'none');
});

test('a rehearsed or printed command destroys the plain key only where that was chosen', (t) => {
  const { facts, services } = imported(t);
  const shown = (answers: Answers) => finish.commands({ facts, answers, services }).map(({ shell }) => shell);
  assert.deepEqual(shown({ 'plain-key': 'destroy' }), [`shred --remove ${plainKey}`]);
  for (const answers of [{}, { 'plain-key': 'keep' }]) assert.deepEqual(shown(answers), []);
});
