import assert from 'node:assert/strict';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { CreateAliasCommand, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import { CeremonyFolder } from '../../source/ceremony/folder.ts';
import { between } from '../faults/between.ts';
import { newFolder } from '../new-folder.ts';
import { enabledKey, externalKey, practise } from '../practice/practising.ts';
import { beginImport, problemOf, refusalOf } from './ceremony.ts';

test('an alias is taken with and without its beginning, and what KMS would refuse is refused', async (t) => {
  const ceremony = await beginImport(t);
  await ceremony.upTo('secret-key');
  const [alias, description] = ceremony.questionsOf('describe-key');
  assert.ok(alias?.kind === 'text');
  assert.equal(alias.notice?.('payments'), 'alias/payments');
  for (const text of ['payments', 'alias/payments', `alias/${'x'.repeat(250)}`])
    assert.equal(alias.check?.(text), undefined);
  for (const [text, says] of [
    ['', /Type a name/],
    ['alias/', /Type a name/],
    ['aws/mine', /AWS's own/],
    ['two words', /no spaces/],
    ['x'.repeat(251), /at most 256 characters; this one has 257/],
  ] as const)
    assert.match(alias.check?.(text) ?? '', says, text);
  assert.ok(description?.kind === 'text');
  assert.equal(description.check?.('x'.repeat(8192)), undefined);
  assert.match(description.check?.('x'.repeat(8193)) ?? '', /at most 8192 characters/);
  assert.match(alias.help ?? '', new RegExp(`key check value ${ceremony.facts.secret?.checkValue?.value}`));
});

test('an alias that is taken is told with what has it, and nothing is called that changes anything', async (t) => {
  const practice = await practise(t, { folder: newFolder({ inMemory: true }) });
  const kms = practice.kms();
  const give = (AliasName: string, TargetKeyId: string) => kms.send(new CreateAliasCommand({ AliasName, TargetKeyId }));
  const { keyId: used } = await enabledKey(kms);
  await give('alias/in-use', used);
  const waiting = await externalKey(kms);
  await give('alias/waiting', waiting);
  const going = await externalKey(kms);
  await give('alias/going', going);
  await kms.send(new ScheduleKeyDeletionCommand({ KeyId: going }));

  const ceremony = await beginImport(t, { practice });
  await ceremony.upTo('secret-key');
  for (const [alias, keyId, says] of [
    ['alias/in-use', used, /Choose another/],
    ['alias/waiting', waiting, /waits for its material, perhaps from an earlier try/],
    ['alias/going', going, /is to be deleted on .* UTC and keeps the alias until then/],
  ] as const) {
    ceremony.answer('describe-key', { alias });
    const refusal = await refusalOf(ceremony.upTo('describe-key'));
    assert.match(refusal, says);
    assert.ok(refusal.includes(`it points to key ${keyId}`), refusal);
  }
  assert.equal(ceremony.facts.description, undefined);
  assert.deepEqual(ceremony.changes, []);
  ceremony.answer('describe-key', { alias: 'free' });
  assert.equal((await ceremony.upTo('describe-key')).description?.alias, 'alias/free');
  assert.match(ceremony.commandsOf('describe-key').join(''), /^test -z "\$\(aws kms list-aliases/);
});

test('nobody goes on without the tick that imported keys are understood', async (t) => {
  const ceremony = await beginImport(t, { answers: { 'describe-key': { acknowledge: false } } });
  assert.match(await refusalOf(ceremony.upTo('describe-key')), /must be ticked/);
  assert.equal(ceremony.facts.description, undefined);
});

test('the folder gets the name of its key; one that has the name already keeps it', async (t) => {
  const parent = newFolder({ inMemory: true });
  const taken = join(parent, 'keyferry-my-first-key');
  mkdirSync(taken);
  writeFileSync(join(taken, 'journal.jsonl'), 'of another ceremony');
  const path = join(parent, 'keyferry-new');
  const folder = new CeremonyFolder(path, true);
  const ceremony = await beginImport(t, { path, parts: { folder } });
  await ceremony.upTo('describe-key');
  assert.equal(basename(folder.path), 'keyferry-my-first-key-2');
  assert.ok(existsSync(folder.file('plain_text_aes_key.bin')));
  assert.equal(existsSync(join(taken, 'plain_text_aes_key.bin')), false);
});

test('an alias that AWS cannot be asked about is told as a problem, and nothing was changed by looking', async (t) => {
  const practice = await practise(t, { folder: newFolder({ inMemory: true }) });
  const proxy = await between(practice.server.endpoint);
  t.after(proxy.close);
  const ceremony = await beginImport(t, { practice, endpoint: proxy.endpoint });
  await ceremony.upTo('secret-key');
  proxy.decide((call) => (call === 'kms:ListAliases' ? 'cut' : undefined));
  const { what, state } = await problemOf(ceremony.upTo('describe-key'));
  assert.equal(what, 'This cannot be checked now.');
  assert.equal(state, 'Nothing was changed by looking.');
  assert.deepEqual(ceremony.changes, []);
});
