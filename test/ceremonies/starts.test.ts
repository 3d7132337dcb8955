import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ceremonies } from '../../source/ceremonies/all.ts';
import { checkBackup } from '../../source/ceremonies/check-backup/check-backup.ts';
import { checkOffline } from '../../source/ceremonies/check-backup/check-offline.ts';
import { encrypt } from '../../source/ceremonies/encrypt/encrypt.ts';
import { expiry } from '../../source/ceremonies/expiry/expiry.ts';
import { reimport } from '../../source/ceremonies/reimport/reimport.ts';
import type { Facts } from '../../source/steps/facts.ts';
import type { KeyferryCeremony } from '../../source/steps/services.ts';
import { answeringKms, refusal } from '../aws/answering-clients.ts';
import { openedBackup } from '../known-facts.ts';
import { withClients } from '../offline-services.ts';
import { makeServices } from '../services.ts';
import { problemOf } from '../steps/ceremony.ts';

/* Where a later ceremony may start, and where it is refused before anything is asked. */

const imported: Facts = {
  imported: { expirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE', validTo: null, keyMaterialId: 'one', importedAt: '' },
};
const backup = { ...openedBackup, proven: 'written' } as const;

/** What a ceremony is refused with, in a folder with these facts on record: what, why and what to do next. */
async function refusalOf(t: TestContext, ceremony: KeyferryCeremony, recorded?: Facts, named?: string) {
  const preset = named === undefined ? {} : { backup: named };
  const { services } = await makeServices(t, { parts: { preset, ...(recorded === undefined ? {} : { recorded }) } });
  assert.ok(ceremony.startsFrom.from === 'recorded');
  const problem = ceremony.startsFrom.refuse(services);
  return problem === undefined ? undefined : [problem.what, problem.why, ...problem.next].join(' ');
}

test('a backup is checked where its ceremony has imported a key, and a backup was made or is named', async (t) => {
  const check = (recorded?: Facts, named?: string) => refusalOf(t, checkBackup, recorded, named);
  assert.match(
    (await check()) ?? '',
    /^Can't check a backup here\. There is no ceremony in \S+ Name the ceremony's folder/,
  );
  assert.match(
    (await check({}, 'x.key.age')) ?? '',
    /The ceremony in \S+ has imported nothing yet\. Finish it first: keyferry --workdir /,
  );
  const none = /^Can't check a backup: none was made in this ceremony\. .*: keyferry check-backup FILE --workdir /;
  assert.match((await check(imported)) ?? '', none);
  assert.match((await check({ ...imported, backup: { by: 'declined' } })) ?? '', none);
  assert.equal(await check({ ...imported, backup: { by: 'declined' } }, 'x.key.age'), undefined);
  assert.equal(await check({ ...imported, backup }), undefined);
});

test('a backup is compared with a record that has a key check value, and refused with what else can be done', async (t) => {
  const compare = (recorded?: Facts, named?: string) => refusalOf(t, checkOffline, recorded, named);
  assert.match((await compare()) ?? '', /^Can't check a backup here\. There is no ceremony in /);
  assert.match((await compare({}, 'x.key.age')) ?? '', /has imported nothing yet/);
  assert.equal(await compare({ ...imported, backup }), undefined);
  const away = { ...imported, secret: { origin: 'elsewhere', keeper: 'the HSM' } } as const;
  assert.match(
    (await compare(away, 'x.key.age')) ?? '',
    /^Can't compare .* no key check value\. The key is with the HSM, and no check value .* Let KMS compare: keyferry check-backup FILE --workdir /,
  );
  const statedCheckValue = { method: 'AES-CMAC', value: 'cc33' } as const;
  const stated = { ...away, secret: { ...away.secret, statedCheckValue } };
  assert.equal(await compare(stated, 'x.key.age'), undefined);
  const unnamed =
    /^Can't check a backup: the key was never here, and no backup of it was made\. Its copy is with the HSM.* wrap the key again, .*: keyferry reimport-wrapped --workdir \S+ Or name an age file that holds the key: keyferry check-backup FILE --workdir /;
  assert.match((await compare(stated)) ?? '', unnamed);
  assert.match((await refusalOf(t, checkBackup, stated)) ?? '', unnamed);
});

test('material is brought back anywhere but where the first import of a ceremony is still to come', async (t) => {
  assert.equal(await refusalOf(t, reimport), undefined);
  assert.match(
    (await refusalOf(t, reimport, {})) ?? '',
    /none has been imported yet\. The ceremony in \S+ has not come to its import\. Go on with it: keyferry --workdir /,
  );
  assert.equal(await refusalOf(t, reimport, imported), undefined);
});

test('an expiry is changed anywhere but where the first import of a ceremony is still to come', async (t) => {
  assert.equal(await refusalOf(t, expiry), undefined);
  assert.match((await refusalOf(t, expiry, {})) ?? '', /none has been imported yet\. The ceremony in \S+ has not come/);
  assert.equal(await refusalOf(t, expiry, imported), undefined);
});

test('where AWS fails while a name of a key is looked up, every ceremony that asks one says so, and no defect is told', async (t) => {
  const kms = answeringKms(() => refusal('KMSInternalException', 500));
  const services = withClients(t, { kms });
  const asking = ceremonies.flatMap(({ id, steps }) => {
    const step = steps.find((one) => ['describe-key', 'existing-key', 'find-key'].includes(one.id));
    return step === undefined ? [] : [{ id, step }];
  });
  assert.equal(asking.length, 6);
  for (const { id, step } of asking) {
    const named = step.questions({ facts: {}, answers: {}, services }).find(({ verify }) => verify !== undefined);
    const { what } = await problemOf(() => named?.verify?.('alias/a'));
    assert.equal(what, 'This cannot be checked now.', id);
  }
});

test('objects are encrypted anywhere but where the first import of a ceremony is still to come', async (t) => {
  assert.equal(await refusalOf(t, encrypt), undefined);
  assert.match(
    (await refusalOf(t, encrypt, {})) ?? '',
    /the key has no material yet\. The ceremony in \S+ has not come/,
  );
  assert.equal(await refusalOf(t, encrypt, imported), undefined);
});
