import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  ScheduleKeyDeletionCommand,
  UpdateAliasCommand,
} from '@aws-sdk/client-kms';
import { CeremonyFolder } from '../../source/ceremony/folder.ts';
import { suggestionFor } from '../../source/ceremony/interview.ts';
import type { Answers } from '../../source/ceremony/question.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import { onOneLine } from '../../source/steps/aws-command-line.ts';
import { madeBackup } from '../../source/steps/backup-fact.ts';
import { describeKey } from '../../source/steps/describe-key.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { keyHere, type SecretKey } from '../../source/steps/secret-key-fact.ts';
import { lostKeyWords } from '../../source/steps/with-key.ts';
import { between } from '../faults/between.ts';
import { generatedSecret } from '../known-facts.ts';
import { newFolder } from '../new-folder.ts';
import { makeOfflineServices, makeOfflineServicesFor } from '../offline-services.ts';
import { enabledKey, externalKey, must, practise, setControl } from '../practice/practising.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { bareContext } from './acting.ts';
import { beginImport, continueImport, problemOf, refusalOf } from './ceremony.ts';

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
    ['arn:aws:kms:eu-west-1:111122223333:alias/payments', /That is an ARN/],
    ['alias/arn:aws:kms:eu-west-1:111122223333:key/x', /That is an ARN/],
    ['x'.repeat(251), /at most 256 characters; this one has 257/],
  ] as const)
    assert.match(alias.check?.(text) ?? '', says, text);
  for (const [text, instead] of [
    ['alias/My Photos Key', 'alias/my-photos-key'],
    ['Payments 2026 / EU!', 'alias/payments-2026/eu'],
    ['Payments: EU', 'alias/payments:eu'],
    [' Clé d’été! ', 'alias/cle-d-ete'],
    ['arn:aws:kms:eu-west-1:111122223333:alias/Payments', 'alias/Payments'],
    ['alias/arn:aws-cn:kms:cn-north-1:111122223333:alias/a/b', 'alias/a/b'],
    ['arn:aws:kms:eu-west-1:111122223333:key/x', undefined],
    ['arn:aws', undefined],
    ['aws/mine', undefined],
    ['', undefined],
    ['payments', undefined],
  ] as const)
    assert.equal(suggestionFor(alias, text), instead, text);
  for (const text of ['', ' ', 'alias/']) assert.equal(alias.notice?.(text), undefined, 'it is unfinished');
  assert.ok(description?.kind === 'text');
  assert.equal(description.check?.('x'.repeat(8192)), undefined);
  assert.match(description.check?.('x'.repeat(8193)) ?? '', /at most 8192 characters/);
  assert.match(alias.help ?? '', new RegExp(`key check value ${keyHere(ceremony.facts.secret)?.checkValue.value}`));
});

test('an alias that is taken is told with what has it, and nothing is called that changes anything', async (t) => {
  const practice = await practise(t);
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
    ['alias/in-use', used, /\(Enabled, origin EXTERNAL/],
    ['alias/waiting', waiting, /\(PendingImport, perhaps from an earlier try, origin EXTERNAL/],
    ['alias/going', going, /\(to be deleted on .* UTC, origin EXTERNAL/],
  ] as const) {
    ceremony.answer('describe-key', { alias });
    // Consent is asked for, and there is none.
    assert.match(await refusalOf(ceremony.upTo('describe-key')), /move-alias has no answer/);
    const move = ceremony.questionsOf('describe-key', { alias }).find(({ id }) => id === 'move-alias');
    assert.match(move?.help ?? '', says);
    assert.ok(move?.help?.includes(`it points to key ${keyId}`), move?.help);
    assert.match(move?.help ?? '', /uses the new key, and fails until your key is imported\./);
    assert.match(move?.help ?? '', /What the old key has encrypted still opens with the old key/);
    assert.ok(move?.form.includes(`from key ${keyId}`));
  }
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }));
  await give('alias/signs', KeyMetadata?.KeyId ?? '');
  ceremony.answer('describe-key', { alias: 'alias/signs' });
  assert.match(
    await refusalOf(ceremony.upTo('describe-key')),
    /from a key of another kind \(RSA_2048\)\. Choose another/,
  );
  assert.equal(ceremony.facts.description, undefined);
  assert.deepEqual(ceremony.changes, []);
  ceremony.answer('describe-key', { alias: 'free' });
  assert.equal((await ceremony.upTo('describe-key')).description?.alias, 'alias/free');
  assert.match(ceremony.commandsOf('describe-key').join(''), /^test -z "\$\(aws kms list-aliases/);
});

test('an alias is moved from its key to the new one with consent, and what the old key encrypted still opens', async (t) => {
  const practice = await practise(t);
  const kms = practice.kms();
  const { keyId: old } = await enabledKey(kms);
  const alias = 'alias/my-first-key';
  await kms.send(new CreateAliasCommand({ AliasName: alias, TargetKeyId: old }));
  const Plaintext = Buffer.from('archive');
  const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId: alias, Plaintext }));

  // The answer to UpdateAlias is lost once, so that the ceremony has to look.
  setControl(practice, { faults: [{ operation: 'kms:UpdateAlias', do: 'drop-after', times: 1 }] });
  const ceremony = await beginImport(t, { practice, answers: { 'describe-key': { 'move-alias': true } } });
  const { key, description, people } = await ceremony.upTo('policy');
  assert.equal(description?.aliasFrom, old);
  assert.deepEqual(people?.test, { tested: true, missing: [] });
  assert.match(ceremony.receiptOf('describe-key'), new RegExp(`to be moved from key ${old}`));
  assert.equal(ceremony.countOf('KMS.CreateAlias'), 0);
  assert.equal(ceremony.countOf('KMS.UpdateAlias'), 1);
  assert.match(ceremony.commandsOf('policy').join('\n'), /aws kms update-alias/);
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: alias }));
  assert.equal(KeyMetadata?.KeyId, key?.keyId);
  const { Plaintext: opened = [] } = await kms.send(new DecryptCommand({ CiphertextBlob }));
  assert.deepEqual(Buffer.from(opened), Plaintext);
});

test('consent to move an alias outlives a new start: its question is there when the person goes back', async (t) => {
  const practice = await practise(t);
  const kms = practice.kms();
  const owner = await externalKey(kms);
  const alias = 'alias/my-first-key';
  await kms.send(new CreateAliasCommand({ AliasName: alias, TargetKeyId: owner }));
  const first = await beginImport(t, { practice, answers: { 'describe-key': { 'move-alias': true } } });
  await first.upTo('describe-key');

  const next = await continueImport(t, first);
  await next.upTo('describe-key');
  // From the first question of the next step, a person comes back to the last question of this one.
  const answers = next.services.journal.state.answers.get('describe-key') ?? {};
  const move = next.questionsOf('describe-key', answers).find(({ id }) => id === 'move-alias');
  assert.ok(move?.help?.includes(`it points to key ${owner}`), move?.help);
  const { facts, services } = next;
  const context = bareContext({ facts, answers, services });
  assert.equal((await describeKey.act(context)).description?.aliasFrom, owner);
});

test('an alias that has gone to a third key since is not moved', async (t) => {
  const practice = await practise(t);
  const kms = practice.kms();
  const [first, third] = [await externalKey(kms), await externalKey(kms)];
  const alias = 'alias/my-first-key';
  await kms.send(new CreateAliasCommand({ AliasName: alias, TargetKeyId: first }));
  const ceremony = await beginImport(t, { practice, answers: { 'describe-key': { 'move-alias': true } } });
  await ceremony.upTo('permissions');
  await kms.send(new UpdateAliasCommand({ AliasName: alias, TargetKeyId: third }));
  const { what, why } = await problemOf(ceremony.upTo('policy'));
  assert.equal(what, `${alias} was not moved.`);
  assert.match(why ?? '', new RegExp(`from key ${first}\\. Now it points to key ${third}\\.`));
  assert.equal(ceremony.countOf('KMS.UpdateAlias'), 0);
  assert.equal((await kms.send(new DescribeKeyCommand({ KeyId: alias }))).KeyMetadata?.KeyId, third);
});

test('tags are taken as KEY=VALUE, and what AWS would refuse is refused', async (t) => {
  const ceremony = await beginImport(t);
  await ceremony.upTo('secret-key');
  const tags = ceremony.questionsOf('describe-key').find(({ id }) => id === 'tags');
  assert.ok(tags?.kind === 'many');
  const longest = `${'k'.repeat(128)}=${'v'.repeat(256)}`;
  for (const text of ['team=payments', 'cost centre = 4=2', 'a=', 'größe=ß', longest])
    assert.equal(tags.check?.(text), undefined);
  for (const [text, says] of [
    ['', /KEY=VALUE/],
    ['=value', /KEY=VALUE/],
    ['team:payments', /KEY=VALUE/],
    ['AWS:team=x', /are AWS's own/],
    ['keyferry:ceremony=x', /sets its own tag/],
    [`${'k'.repeat(129)}=v`, /at most 128 characters/],
    [`k=${'v'.repeat(257)}`, /at most 256 characters/],
    ['team=pay;ments', /letters, digits, spaces and/],
  ] as const)
    assert.match(tags.check?.(text) ?? '', says, text);
  const many = (count: number) => Array.from({ length: count }, (_, index) => `tag${index}=x`);
  assert.equal(await tags.verify?.(many(49)), undefined);
  assert.match(String(await tags.verify?.(many(50))), /At most 49 tags/);
  assert.match(String(await tags.verify?.(['a=1', 'a = 2'])), /The tag a is there twice/);
});

test('a rehearsal has the name, the tags and the kind of key that the answers give', () => {
  const services = makeOfflineServices();
  const foreseen = (answers: Answers) => describeKey.foresee?.({ facts: {}, answers, services })?.description;
  assert.deepEqual(foreseen({ alias: ' payments ', tags: ['team=pay'], 'multi-region': true }), {
    alias: 'alias/payments',
    description: '',
    acknowledged: true,
    tags: [{ key: 'team', value: 'pay' }],
    multiRegion: true,
  });
  const { alias, tags, multiRegion } = must(foreseen({}));
  assert.deepEqual([alias, tags, multiRegion], ['alias/key', [], false]);
});

test('the step notes the answers as they are, and an owner of the alias only where its move was agreed to', async () => {
  const services = makeOfflineServices();
  const described = async (answers: Answers) => {
    const context = bareContext({ services, answers: { alias: ' payments ', description: 'pay', ...answers } });
    return (await describeKey.act(context)).description;
  };
  const plain = { alias: 'alias/payments', description: 'pay', acknowledged: true, tags: [], multiRegion: false };
  assert.deepEqual(await described({}), plain);
  assert.deepEqual(await described({ 'multi-region': true, tags: ['team=pay'] }), {
    ...plain,
    multiRegion: true,
    tags: [{ key: 'team', value: 'pay' }],
  });
  assert.deepEqual(await described({ 'move-alias': true }), plain, 'nobody has the alias');
  services.session.knownAliases.note('alias/payments', { keyId: 'k1', about: 'Enabled' });
  assert.deepEqual(await described({ 'move-alias': false, 'multi-region': false }), plain);
  assert.deepEqual(await described({ 'move-alias': true }), { ...plain, aliasFrom: 'k1' });
});

test('whoever goes on is asked again about an alias only where it was to be moved', async () => {
  const ownerAfter = async (more: object) => {
    const services = makeOfflineServices();
    const facts = { description: { alias: 'alias/a', description: '', ...more } };
    await describeKey.restore?.(bareContext({ facts, services }));
    return services.session.knownAliases.ownerOf('alias/a')?.keyId;
  };
  assert.equal(await ownerAfter({}), undefined);
  assert.equal(await ownerAfter({ aliasFrom: 'k1' }), 'k1');
});

test('the first question says of the secret what is known of it: its check value, its keeper, or that it was lost', (t) => {
  const services = makeOfflineServicesFor(t);
  const said = (secret?: SecretKey) => {
    const facts = secret === undefined ? {} : { secret };
    const [alias] = describeKey.questions({ facts, answers: {}, services });
    return (alias?.help ?? '').replace(/The alias can be moved to another key later\..*$/s, '');
  };
  assert.equal(said(), '');
  assert.equal(
    said({ origin: 'elsewhere', keeper: 'HSM' }),
    'Your secret: with HSM, not here; no key check value was stated.\n',
  );
  const recognised = 'Your secret: 32 bytes, key check value A1B2C3 (AES-CMAC). You can recognise it by that value.\n';
  assert.equal(said({ ...generatedSecret, file: 'plain_text_aes_key.bin' }), recognised);
  services.journal.append({ kind: 'done', step: 'secret-key', facts: { secret: generatedSecret } });
  assert.equal(said(generatedSecret), lostKeyWords);
  services.secrets.holdKey(SecretBytes.generate());
  assert.equal(said(generatedSecret), recognised);
});

test('the command looks whether the alias is free, or which key has it where it is to be moved; for no alias there is none', () => {
  const services = makeOfflineServices();
  const shellFor = (answers: Answers) =>
    describeKey.commands({ facts: {}, answers, services }).map(({ shell }) => onOneLine(shell));
  assert.deepEqual(shellFor({}), []);
  assert.deepEqual(shellFor({ alias: "it's" }), []);
  const [look, ...others] = shellFor({ alias: 'payments', 'move-alias': false });
  assert.match(look ?? '', /^test -z "\$\(aws kms list-aliases .*AliasName==.*alias\/payments/);
  assert.deepEqual(others, []);
  assert.deepEqual(shellFor({ alias: 'payments', 'move-alias': true }), [
    'aws kms describe-key --key-id alias/payments',
  ]);
});

test('the receipt names the alias, the key from which it is moved, how many tags there are, and a key for several Regions', () => {
  const told = (more: Partial<NonNullable<Facts['description']>>) =>
    describeKey.receipt({ description: { alias: 'alias/a', description: '', ...more } });
  const tags = [
    { key: 'a', value: '1' },
    { key: 'b', value: '2' },
  ];
  assert.equal(told({}), 'Described: alias/a');
  assert.equal(told({ multiRegion: false, tags: tags.slice(1) }), 'Described: alias/a, 1 tag');
  assert.equal(
    told({ aliasFrom: 'key-1', tags, multiRegion: true }),
    'Described: alias/a, to be moved from key key-1, 2 tags, multi-Region',
  );
});

test('nobody goes on without the tick that imported keys are understood', async (t) => {
  const ceremony = await beginImport(t, { answers: { 'describe-key': { acknowledge: false } } });
  assert.match(await refusalOf(ceremony.upTo('describe-key')), /must be ticked/);
  assert.equal(ceremony.facts.description, undefined);
});

test('the folder gets the name of its key; one that has the name already keeps it', async (t) => {
  const parent = newFolder();
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
  const practice = await practise(t);
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

test('the longest alias gives a folder and a backup that the disk takes', async (t) => {
  const alias = `alias/${'a'.repeat(250)}`;
  const backup = { how: 'recipients', recipients: [ageIdentity(newFolder()).recipient], identity: '' };
  const path = join(newFolder(), 'keyferry-new');
  const parts = { folder: new CeremonyFolder(path, true) };
  const ceremony = await beginImport(t, { path, parts, answers: { 'describe-key': { alias }, backup } });
  const { description, backup: made } = await ceremony.upTo('backup');
  assert.equal(description?.alias, alias);
  const names = readdirSync(ceremony.services.folder.path);
  assert.ok(madeBackup(made) !== undefined && names.includes(madeBackup(made)?.file ?? ''), names.join());
});
