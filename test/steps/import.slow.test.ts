import assert from 'node:assert/strict';
import { constants, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { DescribeKeyCommand, type KeyMetadata } from '@aws-sdk/client-kms';
import type { Settings } from '../../source/practice/control-settings.ts';
import { findCopies } from '../../source/steps/known-copies.ts';
import { type Between, between } from '../faults/between.ts';
import { newFolder } from '../new-folder.ts';
import { practise } from '../practice/practising.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import {
  type AllAnswers,
  beginImport,
  continueImport,
  problemOf,
  type RunningCeremony,
  refusalOf,
} from './ceremony.ts';

type World = { readonly ceremony: RunningCeremony; readonly proxy: Between };

/** A ceremony that has wrapped its key, with a proxy between it and practice AWS. */
async function wrapped(
  t: TestContext,
  { answers = {}, settings = {} }: { answers?: AllAnswers; settings?: Settings } = {},
): Promise<World> {
  const practice = await practise(t, { settings });
  const proxy = await between(practice.server.endpoint);
  t.after(proxy.close);
  const ceremony = await beginImport(t, { practice, endpoint: proxy.endpoint, answers });
  await ceremony.upTo('wrap');
  return { ceremony, proxy };
}

/** How KMS has the key now. */
async function keyOf({ practice, facts }: RunningCeremony): Promise<KeyMetadata | undefined> {
  return (await practice.kms().send(new DescribeKeyCommand({ KeyId: facts.key?.keyId }))).KeyMetadata;
}

test('an import whose answer was lost, and which KMS does not show yet, is sent again and counts as done', async (t) => {
  const { ceremony, proxy } = await wrapped(t, {
    settings: { faults: [{ operation: 'kms:ImportKeyMaterial', do: 'drop-after', times: 1 }] },
  });
  const { KeyId, Arn, Origin } = { ...(await keyOf(ceremony)) };
  const asBefore = JSON.stringify({ KeyMetadata: { KeyId, Arn, Origin, KeyState: 'PendingImport', Enabled: false } });
  let imports = 0;
  proxy.decide((call) => {
    if (call === 'kms:ImportKeyMaterial') imports += 1;
    return call === 'kms:DescribeKey' && imports < 2 ? { status: 200, body: asBefore } : undefined;
  });

  const { imported } = await ceremony.upTo('import');
  assert.equal(imports, 2);
  const sent = ceremony.calls.filter(({ operation }) => operation === 'KMS.ImportKeyMaterial');
  assert.equal(sent.at(-1)?.error, 'IncorrectKeyMaterialException');
  const now = await keyOf(ceremony);
  assert.equal(now?.KeyState, 'Enabled');
  assert.equal(imported?.keyMaterialId, now?.CurrentKeyMaterialId);
});

test('an import of which nobody knows the outcome is told as open, and looked for before anything is sent again', async (t) => {
  const { ceremony, proxy } = await wrapped(t, {
    settings: { faults: [{ operation: 'kms:ImportKeyMaterial', do: 'drop-after', times: 1 }] },
  });
  let imports = 0;
  proxy.decide((call) => {
    if (call === 'kms:ImportKeyMaterial') imports += 1;
    return call === 'kms:DescribeKey' ? 'cut' : undefined;
  });
  const { what, state } = await problemOf(ceremony.upTo('import'));
  assert.equal(what, "Can't tell whether the material was imported.");
  assert.equal(state, 'Trying again looks first, and imports only if it is not there.');
  proxy.decide((call) => {
    if (call === 'kms:ImportKeyMaterial') imports += 1;
    return undefined;
  });
  const { imported } = await ceremony.upTo('import');
  assert.equal(imports, 1);
  assert.equal(imported?.keyMaterialId, (await keyOf(ceremony))?.CurrentKeyMaterialId);
});

for (const [name, change, says] of [
  [
    'a wrapped key that was changed',
    ({ wrappedFile }) => writeFileSync(wrappedFile, randomBytes(256)),
    /was changed after it was wrapped/,
  ],
  ['a wrapped key that is gone', ({ wrappedFile }) => rmSync(wrappedFile), /enc\.aes\.key can't be read/],
  [
    'an import token that was changed',
    ({ tokenFile }) => writeFileSync(tokenFile, randomBytes(600)),
    /is no longer what KMS sent/,
  ],
  ['an import token that is gone', ({ tokenFile }) => rmSync(tokenFile), /importToken_.* can't be read/],
] as const satisfies readonly (readonly [
  string,
  (files: { wrappedFile: string; tokenFile: string }) => void,
  RegExp,
])[]) {
  test(`${name} is not sent: the key still waits, and a new one is offered`, async (t) => {
    const { ceremony } = await wrapped(t);
    const { folder } = ceremony.services;
    const { wrapping, secret } = ceremony.facts;
    change({ wrappedFile: folder.file('enc.aes.key'), tokenFile: folder.file(wrapping?.tokenFile ?? '') });
    const { why, state, remedies, renewal } = await problemOf(ceremony.upTo('import'));
    assert.match(why ?? '', says);
    assert.equal(state, 'Nothing was sent. The KMS key still waits for its material.');
    assert.ok((remedies?.length ?? 0) > 0 && renewal?.isOffered === true);
    assert.equal(ceremony.countOf('KMS.ImportKeyMaterial'), 0);
    assert.equal((await keyOf(ceremony))?.KeyState, 'PendingImport');
    // What was never sent is not open: the journal closes what it has announced.
    assert.equal(ceremony.services.journal.state.attempts.get('import/import')?.outcome, 'refused');
    // The way that is offered leads on, with the same secret.
    const { imported, secret: now } = await ceremony.upTo('import', renewal.step);
    assert.ok(imported !== undefined);
    assert.deepEqual(now, secret);
  });
}

test('an import that KMS refuses leaves the key waiting, and says so', async (t) => {
  const { ceremony, proxy } = await wrapped(t);
  const body = JSON.stringify({ __type: 'InvalidCiphertextException' });
  proxy.decide((call) => (call === 'kms:ImportKeyMaterial' ? { status: 400, body } : undefined));
  const { what, state, code } = await problemOf(ceremony.upTo('import'));
  assert.deepEqual(
    [what, state, code],
    ['The material was not imported.', 'The key still waits for its material.', 'InvalidCiphertextException'],
  );
  assert.equal((await keyOf(ceremony))?.KeyState, 'PendingImport');
});

test('a token that is about to run out is not sent: a new pair is fetched, and the same secret wrapped again', async (t) => {
  const { ceremony } = await wrapped(t);
  const { secret, wrapping } = ceremony.facts;
  const { practice } = ceremony;
  practice.clock.now = new Date(practice.clock.now.getTime() + (24 * 60 - 5) * 60_000);
  const { imported, wrapping: fresh, secret: now } = await ceremony.upTo('import');
  assert.ok(imported !== undefined);
  assert.notEqual(fresh?.tokenFile, wrapping?.tokenFile);
  assert.deepEqual(now, secret);
  assert.deepEqual(ceremony.noticed, [
    'The import token cannot be used any more: a new pair is fetched, and the secret is wrapped again',
  ]);
  assert.equal(ceremony.countOf('KMS.ImportKeyMaterial'), 1);
});

test('a key that is long in coming is waited for; trying again only looks, and imports nothing twice', async (t) => {
  const { ceremony, proxy } = await wrapped(t);
  const { KeyId, Arn, Origin } = { ...(await keyOf(ceremony)) };
  const body = JSON.stringify({ KeyMetadata: { KeyId, Arn, Origin, KeyState: 'PendingImport', Enabled: false } });
  let isImported = false;
  proxy.decide((call) => {
    isImported ||= call === 'kms:ImportKeyMaterial';
    return call === 'kms:DescribeKey' && isImported ? { status: 200, body } : undefined;
  });
  // The minute that it waits is over at once.
  const { now } = performance;
  let minutes = 0;
  t.mock.method(performance, 'now', () => {
    minutes += 2;
    return now.call(performance) + minutes * 60_000;
  });
  const { what, state } = await problemOf(ceremony.upTo('import'));
  t.mock.restoreAll();
  assert.equal(what, 'The key is not Enabled yet.');
  assert.equal(state, 'Nothing is lost. Trying again only looks; it does not import twice.');
  proxy.decide(() => undefined);
  assert.ok((await ceremony.upTo('import')).imported !== undefined);
  assert.equal(ceremony.countOf('KMS.ImportKeyMaterial'), 1);
});

test('while the key is not Enabled yet, the person sees what is waited for, first for a moment and then for seconds', async (t) => {
  const { ceremony, proxy } = await wrapped(t);
  const { KeyId, Arn, Origin } = { ...(await keyOf(ceremony)) };
  const body = JSON.stringify({ KeyMetadata: { KeyId, Arn, Origin, KeyState: 'PendingImport', Enabled: false } });
  let isImported = false;
  let looks = 0;
  proxy.decide((call) => {
    isImported ||= call === 'kms:ImportKeyMaterial';
    if (call !== 'kms:DescribeKey' || !isImported) return undefined;
    looks += 1;
    return looks <= 6 ? { status: 200, body } : undefined;
  });
  const before = ceremony.waiting.waits.length;
  assert.ok((await ceremony.upTo('import')).imported !== undefined);
  const waits = ceremony.waiting.waits.slice(before);
  assert.deepEqual(
    waits.map(({ next, milliseconds }) => [next, milliseconds]),
    [
      [2, 100],
      [3, 200],
      [4, 400],
      [5, 800],
      [6, 1600],
      [7, 2000],
    ],
  );
  assert.ok(waits.every(({ label }) => label === 'The key is PendingImport, waiting for Enabled'));
});

test('material that is imported is told so where the state of the key cannot be seen', async (t) => {
  const { ceremony, proxy } = await wrapped(t);
  let isImported = false;
  proxy.decide((call) => {
    isImported ||= call === 'kms:ImportKeyMaterial';
    return call === 'kms:DescribeKey' && isImported ? 'cut' : undefined;
  });
  const { what, state } = await problemOf(ceremony.upTo('import'));
  assert.equal(what, "Can't see whether the key is Enabled after the import.");
  assert.equal(state, 'Nothing is lost. Trying again only looks; it does not import twice.');
  proxy.decide(() => undefined);
  await ceremony.upTo('import');
  assert.equal(ceremony.countOf('KMS.ImportKeyMaterial'), 1);
});

test('once KMS has the key, it is zero in memory', async (t) => {
  const { ceremony } = await wrapped(t, { answers: { 'secret-key': { keep: 'memory' } } });
  const { secrets } = ceremony.services;
  const bytes = secrets.key?.use((each) => each) ?? assert.fail('the key is in memory');
  assert.ok(bytes.some((byte) => byte !== 0));
  await ceremony.upTo('import');
  assert.equal(secrets.key, undefined);
  assert.ok(bytes.every((byte) => byte === 0));
});

test('an expiry is sent to the minute and told, and none is sent where it was not asked for', async (t) => {
  const { ceremony } = await wrapped(t, { answers: { import: { expiry: 'date', 'valid-to': '2d' } } });
  const { imported } = await ceremony.upTo('import');
  const validTo = (await keyOf(ceremony))?.ValidTo;
  const wanted = ceremony.practice.clock.now.getTime() + 2 * 24 * 60 * 60 * 1000;
  assert.ok(Math.abs((validTo?.getTime() ?? 0) - wanted) < 1000);
  assert.equal(imported?.validTo, validTo?.toISOString());
  assert.match(ceremony.receiptOf('import'), /it expires at \d{4}-.* UTC; the key was Enabled/);
  assert.match(ceremony.commandsOf('import').join('\n'), /--expiration-model KEY_MATERIAL_EXPIRES/);

  const { ceremony: other } = await wrapped(t);
  assert.match(other.questionsOf('import')[0]?.help ?? '', new RegExp(other.facts.key?.keyArn ?? '-'));
  await other.upTo('import');
  assert.equal((await keyOf(other))?.ExpirationModel, 'KEY_MATERIAL_DOES_NOT_EXPIRE');
  assert.match(other.receiptOf('import'), /it does not expire/);
  assert.match(other.commandsOf('import').join('\n'), /--expiration-model KEY_MATERIAL_DOES_NOT_EXPIRE/);
});

test('an expiry past 365 days is refused before anything is sent', async (t) => {
  const { ceremony } = await wrapped(t, { answers: { import: { expiry: 'date', 'valid-to': '400d' } } });
  assert.match(await refusalOf(ceremony.upTo('import')), /at most 365 days/);
  assert.equal(ceremony.countOf('KMS.ImportKeyMaterial'), 0);
});

for (const [compare, found, says] of [
  ['open', 'shown', /the key was Enabled at .* UTC$/],
  ['skip', 'not shown', /NOT SHOWN: whether it is the secret of this ceremony$/],
] as const) {
  test(`what a person wrapped, and ${compare === 'open' ? 'KMS has compared' : 'nobody has compared'}, is told as ${found}`, async (t) => {
    const { recipient, identityFile } = ageIdentity(newFolder());
    const { ceremony } = await wrapped(t, {
      answers: {
        'secret-key': { keep: 'memory' },
        backup: { how: 'recipients', recipients: [recipient], identity: identityFile },
      },
    });
    // As if the person had wrapped it elsewhere: the key is in its backup alone by then.
    const mine = readFileSync(ceremony.services.folder.file('enc.aes.key'));
    writeFileSync(ceremony.services.folder.file('mine.bin'), mine);
    ceremony.answer('wrap', { by: 'me', file: 'mine.bin' });
    ceremony.answer('import', { compare, identity: identityFile });
    const later = await continueImport(t, ceremony);
    await later.upTo('wrap', 'wrap');
    const opening = later.questionsOf('import', { compare: 'open' }).find(({ id }) => id === 'identity');
    assert.match(opening?.help ?? '', /^Only the backup still holds the secret, so it is opened, and KMS compares it/);
    const { imported } = await later.upTo('import');
    assert.equal(imported?.secretInKms, found);
    assert.match(later.receiptOf('import'), says);
    assert.equal(later.countOf('KMS.ImportKeyMaterial'), compare === 'open' ? 2 : 1);
  });
}

/** Lets the person wrap other bytes than the secret of the ceremony. */
function wrapOthers({ services, facts }: RunningCeremony): void {
  const der = readFileSync(services.folder.file(facts.wrapping?.publicKeyFile ?? ''));
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  writeFileSync(services.folder.file('mine.bin'), publicEncrypt({ key, padding, oaepHash: 'sha256' }, randomBytes(32)));
}

test('whoever wraps other bytes than the secret is told so at once, and warned before anything is encrypted', async (t) => {
  const { ceremony } = await wrapped(t);
  wrapOthers(ceremony);
  ceremony.answer('wrap', { by: 'me', file: 'mine.bin' });
  const { imported } = await ceremony.upTo('import', 'wrap');
  assert.equal(imported?.secretInKms, 'other');
  assert.match(
    ceremony.receiptOf('import'),
    /WARNING: it is NOT the secret of this ceremony, and no backup here can bring it back$/,
  );
  const [where] = ceremony.questionsOf('encrypt-objects');
  assert.ok(where?.kind === 'choice');
  assert.equal(where.default, 'later');
  assert.match(where.help ?? '', /^WARNING: you wrapped other bytes than the secret of this ceremony/);
  await ceremony.upTo();
  assert.deepEqual(ceremony.facts.objects?.objects, []);
  assert.match(
    ceremony.questionsOf('finish', {})[0]?.help ?? '',
    /^It is NOT the key in KMS, which refused it as other bytes:/,
  );
  const page = readFileSync(ceremony.services.folder.file('record.md'), 'utf8');
  assert.match(page, /This secret is NOT the key in KMS/);
  assert.match(page, /\*\*There is no copy of the key anywhere that Keyferry knows of\*\*/);
  const { copies, filesWithoutKey } = findCopies(ceremony.facts, ceremony.services);
  assert.deepEqual(copies, [], 'what holds another secret is no copy of the key');
  assert.match(filesWithoutKey[0]?.why ?? '', /It holds the secret of this ceremony, which is not the key in KMS\./);
});

test('a comparison that KMS does not answer leaves the key imported, and trying again only compares', async (t) => {
  const { ceremony, proxy } = await wrapped(t);
  wrapOthers(ceremony);
  ceremony.answer('wrap', { by: 'me', file: 'mine.bin' });
  await ceremony.upTo('wrap');
  let imports = 0;
  proxy.decide((call) => {
    if (call !== 'kms:ImportKeyMaterial') return undefined;
    imports += 1;
    return imports > 1 ? 'cut' : undefined;
  });
  const { what, state } = await problemOf(ceremony.upTo('import', 'wrap'));
  assert.equal(what, "Can't tell whether you wrapped the secret of this ceremony.");
  assert.equal(state, 'The material is imported and the key is Enabled. Trying again only compares.');
  const { CurrentKeyMaterialId, KeyState } = { ...(await keyOf(ceremony)) };
  assert.equal(KeyState, 'Enabled');
  imports = 0;
  proxy.decide((call) => {
    if (call === 'kms:ImportKeyMaterial') imports += 1;
    return undefined;
  });
  const { imported } = await ceremony.upTo('import');
  assert.equal(imports, 1);
  assert.deepEqual([imported?.secretInKms, imported?.keyMaterialId], ['other', CurrentKeyMaterialId]);
});

test('the expiry on record is the one that KMS tells, not the one that was asked for', async (t) => {
  const { ceremony, proxy } = await wrapped(t, { answers: { import: { expiry: 'date', 'valid-to': '90d' } } });
  proxy.decide((call) =>
    call === 'kms:DescribeKey'
      ? { changeBody: (body) => body.replace(/"ValidTo":[\d.E+]+/, '"ValidTo":1893456000') }
      : undefined,
  );
  const { imported } = await ceremony.upTo('import');
  assert.equal(imported?.validTo, '2030-01-01T00:00:00.000Z');
  assert.match(ceremony.receiptOf('import'), /it expires at 2030-01-01 00:00 UTC;/);
});
