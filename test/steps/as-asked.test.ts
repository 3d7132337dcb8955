import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { DisableKeyCommand } from '@aws-sdk/client-kms';
import { checkBackup } from '../../source/ceremonies/check-backup/check-backup.ts';
import { firstImport } from '../../source/ceremonies/first-import/first-import.ts';
import { reimport } from '../../source/ceremonies/reimport/reimport.ts';
import type { Answers } from '../../source/ceremony/question.ts';
import { problemOfKey } from '../../source/steps/key-now.ts';
import { between } from '../faults/between.ts';
import { practise } from '../practice/practising.ts';
import { beginCheck, beginImport, beginReimport, problemOf, proxyBefore } from './ceremony.ts';
import { finished, keyOf, kmsOf, loseMaterial, opened } from './lost-material.ts';

/* What was asked of AWS is compared with what AWS then tells. */

/** A first import with a proxy between it and practice AWS. */
async function withProxy(t: TestContext, expiry: Answers = {}) {
  const practice = await practise(t);
  const proxy = await between(practice.server.endpoint);
  t.after(proxy.close);
  const ceremony = await beginImport(t, { practice, endpoint: proxy.endpoint, answers: { import: expiry } });
  return { ceremony, proxy };
}

/** Changes the metadata of the key in an answer of KMS. */
const metadataWith = (change: object) => (body: string) => {
  const { KeyMetadata } = JSON.parse(body);
  return JSON.stringify({ KeyMetadata: { ...KeyMetadata, ...change } });
};

test('material that does not expire although a date was asked for is told, recorded, and ends with status 3', async (t) => {
  const { ceremony, proxy } = await withProxy(t, { expiry: 'date', 'valid-to': '90d' });
  const changeBody = metadataWith({ ValidTo: undefined, ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' });
  proxy.decide((call) => (call === 'kms:DescribeKey' ? { changeBody } : undefined));
  const facts = await ceremony.upTo();
  const { imported } = facts;
  assert.equal(imported?.otherExpiry?.told, 'never');
  assert.deepEqual([imported?.validTo, imported?.expirationModel], [null, 'KEY_MATERIAL_DOES_NOT_EXPIRE']);
  assert.match(ceremony.receiptOf('import'), /it does not expire; .* WARNING: you asked that it expires at 20.* UTC$/);
  assert.ok(ceremony.progress.some(({ label }) => label === 'KMS tells another expiry than you asked for'));
  const { status, page, problem } = await firstImport.conclude(facts, ceremony.services);
  assert.deepEqual([status, problem?.code, page.title], [3, 'OtherExpiry', 'Done, but look at this']);
  const shown = page.lines.join('\n');
  assert.match(shown, /^You asked that it expires at .* UTC\. KMS says that it does not expire\.$/m);
  assert.match(shown, /^- To import the same bytes again with the expiry that you want: keyferry expiry --workdir/m);
  const { folder } = ceremony.services;
  assert.match(
    readFileSync(folder.file('record.md'), 'utf8'),
    /does not expire\. \*\*Another expiry was asked for: 20/,
  );
  assert.deepEqual(
    JSON.parse(readFileSync(folder.file('record.json'), 'utf8')).material.otherExpiry,
    imported?.otherExpiry,
  );
  // Somebody has changed the expiry since: then nothing is left to tell.
  const now = { asOf: '2027-01-01T00:00:00.000Z', state: 'Enabled', validTo: imported?.otherExpiry?.asked ?? null };
  assert.equal(problemOfKey(facts, now, ceremony.services), undefined);
});

test('an expiry that nobody asked for is told, and an answer that tells no expiry is none', async (t) => {
  const { ceremony, proxy } = await withProxy(t);
  proxy.decide((call) =>
    call === 'kms:DescribeKey' ? { changeBody: metadataWith({ ValidTo: 1893456000 }) } : undefined,
  );
  const { imported } = await ceremony.upTo('import');
  assert.deepEqual(imported?.otherExpiry, { asked: 'never', told: '2030-01-01T00:00:00.000Z' });

  const silent = await withProxy(t);
  const changeBody = metadataWith({ ValidTo: undefined, ExpirationModel: undefined });
  silent.proxy.decide((call) => (call === 'kms:DescribeKey' ? { changeBody } : undefined));
  assert.equal((await silent.ceremony.upTo('import')).imported?.otherExpiry, undefined);
});

test('an expiry in days counts from the import, also where that is looked at an hour later', async (t) => {
  const { ceremony, proxy } = await withProxy(t, { expiry: 'date', 'valid-to': '90d' });
  await ceremony.upTo('wrap');
  proxy.decide((call) => (call === 'kms:DescribeKey' ? 'cut' : undefined));
  await problemOf(ceremony.upTo('import'));
  proxy.decide(() => undefined);
  const { clock } = ceremony.practice;
  clock.now = new Date(clock.now.getTime() + 3_600_000);
  const { imported } = await ceremony.upTo('import');
  assert.equal(ceremony.countOf('KMS.ImportKeyMaterial'), 1);
  assert.equal(imported?.otherExpiry, undefined);
});

test('a key that is made otherwise than it was asked for gets no alias and no material, also in the next run', async (t) => {
  const { ceremony, proxy } = await withProxy(t);
  const changeBody = metadataWith({ Origin: 'AWS_KMS', MultiRegion: true, KeySpec: undefined });
  proxy.decide((call) => (call === 'kms:CreateKey' ? { changeBody } : undefined));
  const { code, why, state, endsHere } = await problemOf(ceremony.upTo());
  assert.deepEqual([code, endsHere], ['OtherKey', true]);
  assert.match(
    why ?? '',
    /: Origin is AWS_KMS, and EXTERNAL was asked for; MultiRegion is true, and false was asked for\.$/,
  );
  assert.equal(state, 'The key exists without an alias. Nothing was imported into it.');
  proxy.decide(() => undefined);
  assert.equal((await problemOf(ceremony.upTo())).code, 'OtherKey');
  assert.deepEqual([ceremony.countOf('KMS.CreateKey'), ceremony.countOf('KMS.CreateAlias')], [1, 0]);
});

test('a wrapping key and token of another key are refused, and fetched again', async (t) => {
  const { ceremony, proxy } = await withProxy(t);
  await ceremony.upTo('policy');
  const other = 'arn:aws:kms:us-east-1:000000000000:key/11111111-2222-4333-8444-555555555555';
  const changeBody = (body: string) => JSON.stringify({ ...JSON.parse(body), KeyId: other });
  proxy.decide((call) => (call === 'kms:GetParametersForImport' ? { changeBody } : undefined));
  const { what, why } = await problemOf(ceremony.upTo('wrapping-key'));
  assert.equal(what, "Can't use the wrapping key that came.");
  assert.equal(why, `KMS was asked for an RSA_2048 wrapping key, and sent one of another key, ${other}.`);
});

/** The answer of ListKeyRotations with another expiry for each material. */
const otherExpiries = (body: string) => {
  const { Rotations, ...rest } = JSON.parse(body);
  return JSON.stringify({
    ...rest,
    Rotations: Rotations.map((material: object) => ({ ...material, ValidTo: 1893456000 })),
  });
};

test('after a reimport KMS is asked for the expiry, and another one is told and recorded', async (t) => {
  const ceremony = await finished(t);
  await loseMaterial(ceremony);
  const proxy = await proxyBefore(t, ceremony.practice);
  let isImported = false;
  proxy.decide((call) => {
    isImported ||= call === 'kms:ImportKeyMaterial';
    return call === 'kms:ListKeyRotations' && isImported ? { changeBody: otherExpiries } : undefined;
  });
  const again = await beginReimport(t, ceremony, { answers: opened, endpoint: proxy.endpoint });
  const facts = await again.upTo();
  assert.deepEqual(
    facts.broughtBack?.materials.map(({ validTo, found }) => [validTo, found]),
    [[null, '2030-01-01T00:00:00.000Z']],
  );
  assert.match(again.receiptOf('bring-back'), /WARNING: KMS tells another expiry$/);
  const { status, problem } = await reimport.conclude(facts, again.services);
  assert.deepEqual([status, problem?.code], [3, 'OtherExpiry']);
});

test('after the check of a backup KMS is asked for the expiry, and one that is not as before is told', async (t) => {
  const ceremony = await finished(t);
  const proxy = await proxyBefore(t, ceremony.practice);
  let isImported = false;
  proxy.decide((call) => {
    isImported ||= call === 'kms:ImportKeyMaterial';
    return call === 'kms:ListKeyRotations' && isImported ? { changeBody: otherExpiries } : undefined;
  });
  const checking = await beginCheck(t, ceremony, {
    file: ceremony.services.folder.file('my-first-key.key.age'),
    answers: { 're-import': opened },
    endpoint: proxy.endpoint,
  });
  const facts = await checking.upTo();
  assert.equal(facts.answer?.same, true);
  const { status, page } = await checkBackup.conclude(facts, checking.services);
  assert.equal(status, 3);
  assert.match(page.lines.join('\n'), /so that it does not expire; KMS says that it expires at 2030-01-01 00:00 UTC\./);
});

test('a key that stays Enabled although KMS was told to disable it is not called Disabled', async (t) => {
  const ceremony = await finished(t);
  await kmsOf(ceremony).send(new DisableKeyCommand(keyOf(ceremony)));
  const proxy = await proxyBefore(t, ceremony.practice);
  proxy.decide((call) => (call === 'kms:DisableKey' ? { status: 200, body: '' } : undefined));
  const checking = await beginCheck(t, ceremony, {
    file: ceremony.services.folder.file('my-first-key.key.age'),
    answers: { 're-import': opened },
    endpoint: proxy.endpoint,
  });
  const { keyState } = await checking.upTo();
  assert.equal(keyState, 'Enabled');
  assert.equal(checking.receiptOf('key-state'), 'The key is Enabled. WARNING: KMS was told to disable it again');
});
