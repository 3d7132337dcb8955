import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { expiry } from '../../source/ceremonies/expiry/expiry.ts';
import { doneTitle } from '../../source/ceremonies/reimport/closing.ts';
import { reimport } from '../../source/ceremonies/reimport/reimport.ts';
import type { BroughtMaterial } from '../../source/record/reimport-record.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { answeringKms } from '../aws/answering-clients.ts';
import { connectionOf, keyOf, materialOf } from '../known-facts.ts';
import { withClients } from '../offline-services.ts';
import { makeServices } from '../services.ts';

/* What a program and the record are told of each material, also where the journal is of an earlier version. */

const at = '2026-11-26T14:02:00.000Z';
const [soon, later, other] = ['2027-01-01T00:00:00.000Z', '2028-01-01T00:00:00.000Z', '2029-01-01T00:00:00.000Z'];
const key = keyOf('one');
const proof = { keyMaterialId: 'm1', provedAt: at };
const readable = { bucket: 'b', key: 'a.txt', isSame: true };

const brought = (keyMaterialId: string, more: Partial<BroughtMaterial> = {}): BroughtMaterial => ({
  ...{ keyMaterialId, checkValue: `of ${keyMaterialId}`, file: `/copies/${keyMaterialId}.key.age`, importedAt: at },
  ...{ validTo: null, wasThere: true },
  ...more,
});

const told = brought('m1', { before: soon, validTo: later, found: other });
const untold = brought('m2', { validTo: later });
const material = (keyMaterialId: string, state: 'CURRENT' | 'NON_CURRENT', expiry: string) =>
  materialOf({ keyMaterialId, state, expiry });

const factsWith = (materials: readonly BroughtMaterial[], more: Facts = {}): Facts => ({
  key,
  connection: connectionOf('arn:aws:iam::000000000000:role/SecurityAdmin'),
  keyState: 'Enabled',
  materials: {
    ...{ asOf: at, keyState: 'Disabled', wasDisabled: true },
    all: [material('m1', 'CURRENT', soon), material('m2', 'NON_CURRENT', soon), material('m3', 'NON_CURRENT', other)],
  },
  broughtBack: { materials, keyState: 'Enabled' },
  ...more,
});

async function made(t: TestContext) {
  const { services } = await makeServices(t, { journalName: 'journal-expiry-20261126T140000Z.jsonl' });
  services.folder.make();
  return services;
}

test('a program is told the expiry before, as asked for and as KMS told it, and what KMS did not tell is unknown', async (t) => {
  const services = await made(t);
  const { result, page } = await expiry.conclude(factsWith([told, untold], { proof, readable }), services);
  const { materials, ...rest } = result as { materials: readonly object[] };
  const copy = ({ checkValue, file, importedAt }: BroughtMaterial) => ({ checkValue, file, importedAt });
  assert.deepEqual(materials, [
    { keyMaterialId: 'm1', before: soon, asked: later, after: other, ...copy(told) },
    { keyMaterialId: 'm2', before: 'unknown', asked: later, after: 'unknown', ...copy(untold) },
  ]);
  const { path: workdir } = services.folder;
  assert.partialDeepStrictEqual(rest, { keyId: 'one', nothingToDo: false, proof, readable, workdir });
  assert.partialDeepStrictEqual(rest, { record: `${workdir}/record-expiry-20261126T140000Z.md` });
  assert.match(
    page.lines.join('\n'),
    /^Material m1: imported again from m1\.key\.age \(key check value of m1\); KMS says that it expires at 2029-.* Before: it expires at 2027-/m,
  );
  const never = await expiry.conclude(factsWith([brought('m1', { before: 'never', found: 'never' })]), services);
  assert.partialDeepStrictEqual(never.result, { materials: [{ before: 'never', asked: 'never', after: 'never' }] });
});

test('a reimport and a change of the expiry end with 3 where KMS tells another expiry than was asked for', async (t) => {
  const kms = answeringKms(() => ({ KeyMetadata: { KeyId: 'one', KeyState: 'Enabled' } }));
  const services = withClients(t, { kms }, await made(t));
  const given = brought('m1', { before: soon, validTo: later, found: later });
  for (const ceremony of [expiry, reimport]) {
    const end = async (...materials: readonly BroughtMaterial[]) => {
      const { status, problem, page } = await ceremony.conclude(factsWith(materials, { proof }), services);
      return [status, problem?.code, page.title];
    };
    assert.deepEqual(await end(given), [0, undefined, 'The expiry is changed'], ceremony.id);
    assert.deepEqual(await end(given, told), [3, 'OtherExpiry', 'Done, but look at this'], ceremony.id);
    assert.match(String(await end()), /^0,,Nothing /);
  }
});

test('a program that finds nothing to do is told so, with no proof, no object and no record', async (t) => {
  const services = await made(t);
  for (const ceremony of [expiry, reimport]) {
    const { result } = await ceremony.conclude(factsWith([]), services);
    const has = (name: string) => (result as Readonly<Record<string, unknown>>)[name];
    assert.deepEqual(
      ['nothingToDo', 'materials', 'proof', 'readable', 'record'].map(has),
      [true, [], null, null, undefined],
      ceremony.id,
    );
  }
  const { result } = await reimport.conclude(factsWith([told], { proof, readable }), services);
  assert.partialDeepStrictEqual(result, { nothingToDo: false, materials: [told], proof, readable });
});

test('the record has each material, that which was not imported too, and the key before and after; it stays as written', async (t) => {
  const services = await made(t);
  const facts = factsWith([told, untold], { proof, readable });
  expiry.record?.(facts, services, true);
  const written = () => services.folder.read('record-expiry-20261126T140000Z.json').toString();
  const { materials, ...rest } = JSON.parse(written());
  const changed = ({ keyMaterialId, checkValue }: BroughtMaterial, after: string) => ({
    ...{ asked: later, after, checkValue, file: `${keyMaterialId}.key.age`, importedAt: at },
  });
  assert.deepEqual(materials, [
    { keyMaterialId: 'm1', state: 'CURRENT', before: soon, change: changed(told, other) },
    { keyMaterialId: 'm2', state: 'NON_CURRENT', before: 'unknown', change: changed(untold, 'unknown') },
    { keyMaterialId: 'm3', state: 'NON_CURRENT', before: other },
  ]);
  assert.deepEqual([rest.key.keyState, rest.before], ['Enabled', { asOf: at, keyState: 'Disabled' }]);
  assert.deepEqual([rest.proof, rest.readable], [proof, readable]);
  const first = written();
  expiry.record?.({ ...facts, keyState: 'Disabled' }, services, false);
  assert.equal(written(), first);
  expiry.record?.({ ...facts, keyState: 'Disabled' }, services, true);
  assert.equal(JSON.parse(written()).key.keyState, 'Disabled');
});

test('what was not asked for is recorded as that: no expiry, no check value; and nothing at all where nothing was imported', async (t) => {
  const services = await made(t);
  for (const ceremony of [expiry, reimport]) ceremony.record?.(factsWith([]), services, true);
  assert.equal(services.folder.has('record-expiry-20261126T140000Z.md'), false);
  assert.equal(services.folder.has('record-expiry-20261126T140000Z.json'), false);
  const { checkValue: _checkValue, ...unseen } = brought('m1', { before: soon, found: 'never' });
  expiry.record?.(factsWith([unseen]), services, true);
  const { materials } = JSON.parse(services.folder.read('record-expiry-20261126T140000Z.json').toString());
  assert.partialDeepStrictEqual(materials[0], {
    before: soon,
    change: { asked: 'never', after: 'never', checkValue: '' },
  });
  const notOpened = 'refused';
  reimport.record?.(factsWith([told, unseen], { notOpened, keyState: 'Unavailable' }), services, true);
  const record = JSON.parse(services.folder.read('record-expiry-20261126T140000Z.json').toString());
  assert.deepEqual([record.notOpened, record.key.keyState, record.before.all.length], ['refused', 'Unavailable', 3]);
  assert.deepEqual(
    record.materials.map(({ file }: BroughtMaterial) => file),
    ['m1.key.age', 'm1.key.age'],
  );
});

test('a reimport says of each material what became of it and when it expires; its record stays as written', async (t) => {
  const services = await made(t);
  const { checkValue: _checkValue, ...unseen } = brought('m2', { wasThere: false });
  const titleOf = (...materials: readonly BroughtMaterial[]) => doneTitle(factsWith(materials));
  assert.equal(titleOf(), 'Nothing was missing');
  assert.equal(titleOf(told, untold), 'The expiry is changed');
  assert.equal(titleOf(told, unseen), 'The material is back');
  const facts = factsWith([brought('m1', { validTo: later }), unseen]);
  const shown = (await reimport.conclude(facts, services)).page.lines.join('\n');
  assert.match(
    shown,
    /^Material m1 was imported again from m1\.key\.age \(key check value of m1\); it expires at 2028-/m,
  );
  assert.match(shown, /^Material m2 came back from m2\.key\.age \(wrapped elsewhere\); it does not expire\.$/m);
  const idle = (await reimport.conclude(factsWith([]), services)).page.lines.join('\n');
  assert.match(idle, /^To change when it expires: keyferry expiry /m);
  const recorded = (isNew: boolean, keyState: string) => {
    reimport.record?.({ ...facts, keyState }, services, isNew);
    return JSON.parse(services.folder.read('record-expiry-20261126T140000Z.json').toString()).key.keyState;
  };
  assert.deepEqual(
    [recorded(true, 'Enabled'), recorded(false, 'Disabled'), recorded(true, 'Disabled')],
    ['Enabled', 'Enabled', 'Disabled'],
  );
});
