import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import type { Answers } from '../../source/ceremony/question.ts';
import { sha256Of } from '../../source/disk/sha256.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import { backupQuestions } from '../../source/steps/backup-questions.ts';
import type { Facts } from '../../source/steps/facts.ts';
import type { SecretKey } from '../../source/steps/secret-key-fact.ts';
import type { Services } from '../../source/steps/services.ts';
import { lostKeyWords } from '../../source/steps/with-key.ts';
import { makeOfflineServicesFor } from '../offline-services.ts';
import { recipient } from '../secrets/age-identity.ts';
import { makeServices } from '../services.ts';
import { typedText } from '../typed-text.ts';

const description = { alias: 'alias/a', description: '', acknowledged: true } as const;
const key: SecretKey = { origin: 'file', bytes: 32, checkValue: { method: 'AES-CMAC', value: '0011223344' } };

function helpOf(secret: SecretKey, services: Services): string {
  const questions = backupQuestions({ secret, description }, { how: 'none' }, services);
  return questions.find(({ id }) => id === 'confirm-none')?.help ?? '';
}

test('going on without a backup names the file that the person brought as a copy', async (t) => {
  const { services } = await makeServices(t);
  const helpFor = (secret: SecretKey) => helpOf(secret, services);
  const source = '/home/me/my.key';
  const file = 'plain_text_aes_key.bin';
  assert.match(
    helpFor({ ...key, source }),
    /^The only copy that Keyferry knows of is then your own file:\n\/home\/me\/my\.key\n/,
  );
  assert.match(
    helpFor({ ...key, source, file }),
    /^Copies are then plain_text_aes_key\.bin and your own file, .*:\n\/home\/me\/my\.key\n/,
  );
  assert.match(helpFor({ ...key, origin: 'generated', file }), /^The only copy is then plain_text_aes_key\.bin/);
  assert.match(helpFor({ ...key, origin: 'generated' }), /^The key is only in memory/);
});

/** The questions for a key of this ceremony that was noted as this, with these answers. */
function asking(t: TestContext, secret: SecretKey, facts: Facts = {}) {
  const services = makeOfflineServicesFor(t);
  services.journal.append({ kind: 'done', step: 'secret-key', facts: { secret } });
  const asked = (answers: Answers) => backupQuestions({ secret, description, ...facts }, answers, services);
  return { services, asked, ids: (answers: Answers) => asked(answers).map(({ id }) => id) };
}

test('each way to make a backup asks what it needs, and a lost key is told before anything else', (t) => {
  const here = asking(t, { ...key, origin: 'generated' });
  here.services.secrets.holdKey(SecretBytes.generate());
  assert.deepEqual(here.ids({}), ['how']);
  assert.deepEqual(here.ids({ how: 'passphrase' }), ['how', 'passphrase', 'passphrase-again']);
  assert.deepEqual(here.ids({ how: 'recipients' }), ['how', 'recipients', 'identity']);
  assert.deepEqual(here.ids({ how: 'none' }), ['how', 'confirm-none']);
  const [how] = here.asked({});
  assert.deepEqual([how?.asked, how?.help?.startsWith('It is written to a.key.age')], [undefined, true]);
  const [lost] = asking(t, { ...key, origin: 'generated' }).asked({});
  assert.deepEqual([lost?.asked, lost?.help?.startsWith(`${lostKeyWords}It is written`)], ['always', true]);
});

test('a backup from before may stay while the key is here, and has to where it is the only copy', (t) => {
  const { services, asked, ids } = asking(t, key);
  const file = 'old.key.age';
  const sealed = 'age-encryption.org/v1\n';
  writeFileSync(services.folder.file(file), sealed, { mode: 0o600 });
  const backup = { by: 'recipients', file, sha256: sha256Of(sealed), recipients: [], proven: 'opened' } as const;
  services.journal.append({ kind: 'done', step: 'backup', facts: { backup } });
  services.journal.append({ kind: 'reopened', step: 'backup' });
  const another = () => {
    const [kept] = asked({});
    assert.ok(kept?.kind === 'choice' && kept.id === 'kept' && Array.isArray(kept.options));
    assert.match(kept.help ?? '', /^old\.key\.age opens as before\./);
    return kept.options[1];
  };
  assert.deepEqual(another().disabled, 'the key is only in this backup now');
  for (const answers of [{}, { kept: 'another', how: 'none' }, { how: 'none' }])
    assert.deepEqual(ids(answers), ['kept']);
  services.secrets.holdKey(SecretBytes.generate());
  assert.deepEqual([another().disabled, another().hint], [undefined, 'asks how']);
  assert.deepEqual(ids({ kept: 'keep' }), ['kept']);
  assert.deepEqual(ids({ kept: 'another' }), ['kept', 'how']);
  assert.deepEqual(ids({ how: 'none' }), ['how', 'confirm-none'], 'the person came back to change it');
  assert.deepEqual(ids({ kept: 'another', how: 'none' }), ['kept', 'how', 'confirm-none']);
});

test('the second passphrase must be the first one, and recipients and identities are held against their form', async (t) => {
  const { services, asked } = asking(t, key);
  services.secrets.holdKey(SecretBytes.generate());
  const again = asked({ how: 'passphrase' }).find(({ id }) => id === 'passphrase-again');
  assert.ok(again?.kind === 'secret');
  const differ = 'The two differ. Type it again, or go back to choose another.';
  assert.equal(again.check?.(typedText('winter lamp')), differ, 'there is no first one');
  services.secrets.holdPassphrase(typedText('winter lamp'));
  assert.equal(again.check?.(typedText('winter lamps')), differ);
  assert.equal(again.check?.(typedText('winter lamp')), undefined);

  const [, recipients, identity] = asked({ how: 'recipients' });
  assert.ok(recipients?.kind === 'many' && identity?.kind === 'file');
  assert.equal(recipients.check?.('age1qqq'), undefined);
  assert.match(recipients.check?.('AGE-SECRET-KEY-1QQQ') ?? '', /which is secret/);
  assert.match(recipients.check?.('ssh-ed25519 AAAA') ?? '', /SSH keys are not taken/);
  for (const unfit of ['', 'age1', 'AGE1QQQ', 'xage1qqq', 'age1qqq ', 'age1qbq1', 'age1QQ'])
    assert.match(recipients.check?.(unfit) ?? '', /^An age recipient begins with age1/, unfit);
  assert.equal(await recipients.verify?.([]), undefined);
  assert.equal(await recipients.verify?.([recipient]), undefined);
  assert.equal(
    await recipients.verify?.([recipient, 'age1qqq']),
    'age1qqq is not whole: a letter is missing or wrong.',
  );
  for (const none of ['', '  ']) assert.equal(identity.check?.(none), undefined);
  assert.match(identity.check?.('gone.txt') ?? '', /\S/);
});
