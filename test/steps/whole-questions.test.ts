import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Answers, Question } from '../../source/ceremony/question.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import { backup } from '../../source/steps/backup.ts';
import { bringBack } from '../../source/steps/bring-back.ts';
import { changeExpiry } from '../../source/steps/change-expiry.ts';
import { compare } from '../../source/steps/compare.ts';
import { connect } from '../../source/steps/connect.ts';
import { describeKey } from '../../source/steps/describe-key.ts';
import { encryptMore } from '../../source/steps/encrypt-more.ts';
import { encryptObjects } from '../../source/steps/encrypt-objects.ts';
import { existingKey } from '../../source/steps/existing-key.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { findImportedKey } from '../../source/steps/find-key.ts';
import { finish } from '../../source/steps/finish.ts';
import type { KeyferryStep } from '../../source/steps/services.ts';
import { workIn } from '../kept-environment.ts';
import { connectionOf, foreverImported, generatedSecret, materialOf, wrappedHere } from '../known-facts.ts';
import { makeOfflineServicesFor, withClients } from '../offline-services.ts';

/* A person sees each question with its words, and a program that gives answers knows each by its name. */

const later = '2027-03-01T00:00:00.000Z';
const facts: Facts = {
  connection: connectionOf('arn:aws:iam::000000000000:user/alice'),
  key: { keyId: 'k', keyArn: 'arn:k', alias: 'alias/a', createdAt: '2026-11-24' },
  secret: generatedSecret,
  description: { alias: 'alias/a', description: '' },
  wrapped: wrappedHere,
  imported: foreverImported,
  look: { file: '/w/a.key.age', by: 'recipients', sha256: '', recorded: true },
  materials: {
    asOf: '2026-11-25T14:00:00.000Z',
    keyState: 'Enabled',
    wasDisabled: false,
    all: [materialOf({ expiry: later })],
  },
};

/** What a step asks after these answers, in a folder with a plain key, while its key is at hand. */
function questionsOf(t: TestContext, step: KeyferryStep, answers: Answers): readonly Question[] {
  const offline = withClients(t, { region: 'us-east-1' }, makeOfflineServicesFor(t));
  const services = { ...offline, preset: {}, clock: () => new Date('2026-11-25T14:00:00Z') };
  services.secrets.holdKey(SecretBytes.generate());
  services.session.knownAliases.note('alias/taken', { keyId: 'k1', about: 'Enabled' });
  writeFileSync(join(services.folder.path, 'plain_text_aes_key.bin'), 'a key', { mode: 0o600 });
  return step.questions({ facts, answers, services });
}

for (const [step, answers, asked] of [
  [connect, {}, 'source region'],
  [describeKey, { alias: 'alias/taken' }, 'alias move-alias description tags multi-region acknowledge'],
  [backup, { how: 'passphrase' }, 'how passphrase passphrase-again'],
  [backup, { how: 'recipients' }, 'how recipients identity'],
  [backup, { how: 'none' }, 'how confirm-none'],
  [existingKey, {}, 'key'],
  [findImportedKey, {}, 'key'],
  [compare, {}, 'identity'],
  [changeExpiry, { expiry: 'date', 'valid-to': '30d' }, 'expiry valid-to shorten'],
  [bringBack, { expiry: 'date' }, 'expiry valid-to'],
  [
    encryptObjects,
    { where: 'existing', bucket: 'b', what: 'files', files: ['a'] },
    'where bucket what files read-back upload',
  ],
  [encryptMore, { where: 'new', bucket: 'b', what: 'files' }, 'where bucket prefix what files read-back'],
  [finish, { 'plain-key': 'destroy' }, 'plain-key confirm-destroy'],
] as const)
  test(`what ${step.id} asks after ${JSON.stringify(answers)} has all its words, and answers that can be told apart`, (t) => {
    workIn(t);
    const questions = questionsOf(t, step, answers);
    assert.deepEqual(
      questions.map(({ id }) => id),
      asked.split(' '),
    );
    for (const question of questions) {
      const { id, kind, ask, label, form } = question;
      for (const words of [kind, ask, label, form]) assert.match(words, /\S/, id);
      if (kind === 'secret') assert.equal(typeof question.keep, 'function');
      // An answers file names secrets in another way.
      else assert.ok(step.asks.includes(id), id);
      if (kind === 'phrase') {
        assert.ok(ask.includes(`"${question.phrase}"`) && form.includes(question.phrase), id);
        assert.ok(form.endsWith(`, or ${question.decline}`), id);
      }
      if (kind !== 'choice' || typeof question.options === 'function') continue;
      const values = question.options.map(({ value }) => value);
      assert.ok(values.length > 1 || question.id === 'proceed', id);
      assert.equal(new Set(values).size, values.length);
      for (const option of question.options) {
        assert.match(option.value, /\S/);
        assert.match(option.label, /\S/);
        // The form names each value for whoever writes an answers file, but for options that give no answer.
        if (!('leads' in option) && id !== 'source') assert.ok(form.split(/,? /).includes(option.value), option.value);
      }
      if (question.default !== undefined) assert.ok(values.includes(question.default), id);
    }
  });

test('what may not be answered by a recommendation alone is asked always, and each recommendation is the careful one', (t) => {
  workIn(t);
  const defaultsOf = (step: KeyferryStep, answers: Answers = {}) =>
    Object.fromEntries(
      questionsOf(t, step, answers).map((question) => [
        question.id,
        ['default' in question ? question.default : undefined, question.asked],
      ]),
    );
  assert.deepEqual(defaultsOf(finish)['plain-key'], ['keep', 'always']);
  assert.deepEqual(defaultsOf(backup).how, ['passphrase', undefined]);
  assert.deepEqual(defaultsOf(describeKey)['multi-region'], [false, undefined]);
  assert.deepEqual(defaultsOf(describeKey).acknowledge, [undefined, undefined]);
  const files = { where: 'existing', bucket: 'b', what: 'files', files: ['a'] };
  const { what, upload, 'read-back': readBack } = defaultsOf(encryptObjects, files);
  assert.deepEqual(
    [what, upload, readBack],
    [
      ['sample', 'always'],
      ['upload', 'always'],
      [false, undefined],
    ],
  );
  assert.deepEqual(defaultsOf(encryptMore, files).what, ['files', 'always']);
});
