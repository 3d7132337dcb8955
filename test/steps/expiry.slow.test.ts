import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { DisableKeyCommand } from '@aws-sdk/client-kms';
import { expiry } from '../../source/ceremonies/expiry/expiry.ts';
import { newFolder } from '../new-folder.ts';
import { importMaterial } from '../practice/practising.ts';
import { sealedTo } from '../secrets/sealed.ts';
import { beginExpiry, beginImport, problemOf, proxyBefore, type RunningCeremony, refusalOf } from './ceremony.ts';
import {
  finished,
  keyOf,
  kmsOf,
  loseMaterial,
  materialsOf,
  opened,
  recipient,
  rotated,
  stateOf,
} from './lost-material.ts';

const day = 86_400_000;

/** The first minute of the day that is so many days from now, as a person types it. */
const dayIn = (days: number) => new Date(Date.now() + days * day).toISOString().slice(0, 10);

/** When each material expires, as KMS tells it: ISO 8601 or `never`. */
const expiriesOf = async (ceremony: RunningCeremony) =>
  (await materialsOf(ceremony)).map(({ ValidTo }) => ValidTo?.toISOString() ?? 'never');

const recordOf = ({ services }: RunningCeremony, kind: 'md' | 'json') =>
  readFileSync(services.folder.file(`record-expiry-20261125T140200Z.${kind}`), 'utf8');

test('an expiry is extended by an import of the same bytes, and read back; the record says before and after', async (t) => {
  const ceremony = await finished(t, { expiry: 'date', 'valid-to': dayIn(30) });
  const [before] = await expiriesOf(ceremony);
  const changing = await beginExpiry(t, ceremony, { answers: { ...opened, expiry: 'date', 'valid-to': dayIn(90) } });
  const facts = await changing.upTo();
  const asked = `${dayIn(90)}T00:00:00.000Z`;
  assert.deepEqual(await expiriesOf(ceremony), [asked]);
  assert.deepEqual(changing.changes, ['KMS.ImportKeyMaterial', 'KMS.Decrypt']);
  assert.equal(facts.readable?.isSame, true);
  const { status, page, result } = await expiry.conclude(facts, changing.services);
  assert.deepEqual([status, page.title], [0, 'The expiry is changed']);
  const { materials } = result as { materials: { before: string; asked: string; after: string }[] };
  assert.deepEqual(
    materials.map((material) => [material.before, material.asked, material.after]),
    [[before, asked, asked]],
  );
  const record = JSON.parse(recordOf(changing, 'json'));
  assert.deepEqual([record.materials[0].before, record.materials[0].change.after], [before, asked]);
  assert.match(recordOf(changing, 'md'), new RegExp(`\\| CURRENT \\| ${before} \\| ${asked} \\| ${asked} \\|`));
  assert.equal(recordOf(changing, 'json').includes(ceremony.services.folder.path), false);
  assert.match(changing.receiptOf('change-expiry'), /^Expiry changed: [0-9a-f]{8} expires at /);
  assert.match(changing.commandsOf('change-expiry').join(''), /EXISTING_KEY_MATERIAL[\s\S]*--valid-to/);
});

test('an expiry is dropped without a word about sooner', async (t) => {
  const ceremony = await finished(t, { expiry: 'date', 'valid-to': '30d' });
  const changing = await beginExpiry(t, ceremony, { answers: { ...opened, expiry: 'never' } });
  const facts = await changing.upTo();
  assert.deepEqual(await expiriesOf(ceremony), ['never']);
  const { page, result } = await expiry.conclude(facts, changing.services);
  const [material] = (result as { materials: { before: string; asked: string; after: string }[] }).materials;
  assert.deepEqual([material?.asked, material?.after], ['never', 'never']);
  assert.match(page.lines.join('\n'), /; KMS says that it does not expire\. Before: it expires at /);
  assert.deepEqual(JSON.parse(recordOf(changing, 'json')).materials[0].change.asked, 'never');
});

test('what is sooner than now is said, and not done unless it is confirmed', async (t) => {
  const ceremony = await finished(t, { expiry: 'date', 'valid-to': dayIn(90) });
  const before = await expiriesOf(ceremony);
  const sooner = { ...opened, expiry: 'date', 'valid-to': dayIn(50) };
  const changing = await beginExpiry(t, ceremony, { answers: sooner });
  assert.match(await refusalOf(changing.upTo()), /^change-expiry\.shorten has no answer/);
  const asked = changing.questionsOf('change-expiry').at(-1);
  assert.deepEqual([asked?.id, asked?.ask], ['shorten', 'This is 40 days sooner than now. That is what I want.']);
  changing.answer('change-expiry', { shorten: false });
  assert.match(await refusalOf(changing.upTo()), /^change-expiry\.shorten: It must be ticked/);
  assert.deepEqual(changing.changes, []);
  assert.deepEqual(await expiriesOf(ceremony), before);
  changing.answer('change-expiry', { shorten: true });
  await changing.upTo();
  assert.deepEqual(await expiriesOf(ceremony), [`${dayIn(50)}T00:00:00.000Z`]);
});

test('a date for material that does not expire is an end, and must be confirmed', async (t) => {
  const ceremony = await finished(t);
  const changing = await beginExpiry(t, ceremony, { answers: { ...opened, expiry: 'date', 'valid-to': '90d' } });
  assert.match(await refusalOf(changing.upTo()), /^change-expiry\.shorten has no answer/);
  const asked = changing.questionsOf('change-expiry').at(-1);
  assert.equal(asked?.ask, 'This ends what does not expire now. That is what I want.');
  assert.deepEqual(await expiriesOf(ceremony), ['never']);
});

test('where an expiry was extended meanwhile, the answers from before do not shorten it', async (t) => {
  const ceremony = await beginImport(t, { answers: { import: { expiry: 'date', 'valid-to': '30d' } } });
  await ceremony.upTo();
  const changing = await beginExpiry(t, ceremony, { answers: { expiry: 'date', 'valid-to': '60d' } });
  await changing.upTo('find-key');
  const bytes = ceremony.services.folder.read('plain_text_aes_key.bin');
  const ValidTo = new Date(Date.parse(dayIn(200)));
  await importMaterial(kmsOf(ceremony), keyOf(ceremony).KeyId ?? '', bytes, {
    ImportType: 'EXISTING_KEY_MATERIAL',
    ExpirationModel: 'KEY_MATERIAL_EXPIRES',
    ValidTo,
  });
  assert.match(await refusalOf(changing.upTo()), /^change-expiry\.shorten has no answer/);
  assert.equal(changing.countOf('KMS.ImportKeyMaterial'), 0);
  assert.deepEqual(await expiriesOf(ceremony), [ValidTo.toISOString()]);
});

for (const [now, answers] of [
  [{}, { expiry: 'never' }],
  [
    { expiry: 'date', 'valid-to': dayIn(30) },
    { expiry: 'date', 'valid-to': dayIn(30) },
  ],
] as const) {
  test(`there is nothing to do where the expiry is ${answers.expiry} already: nothing is imported or recorded`, async (t) => {
    const ceremony = await finished(t, now);
    const changing = await beginExpiry(t, ceremony, { answers });
    const facts = await changing.upTo();
    assert.equal(changing.countOf('KMS.ImportKeyMaterial'), 0);
    const { status, page, result } = await expiry.conclude(facts, changing.services);
    assert.deepEqual([status, page.title], [0, 'Nothing to change']);
    assert.match(page.lines.join('\n'), /^Nothing to do: /m);
    assert.equal((result as { nothingToDo: boolean }).nothingToDo, true);
    assert.equal(existsSync(changing.services.folder.file('record-expiry-20261125T140200Z.md')), false);
  });
}

test('the expiry of material that is gone does not change: the way on is a reimport', async (t) => {
  const ceremony = await finished(t);
  await loseMaterial(ceremony);
  const changing = await beginExpiry(t, ceremony, { answers: { ...opened, expiry: 'date', 'valid-to': '90d' } });
  const { what, why, code, state, next } = await problemOf(changing.upTo());
  assert.equal(what, "Can't change the expiry: KMS does not hold all material of this key.");
  assert.match(why ?? '', /^alias\/my-first-key is PendingImport: its material [0-9a-f]{8} is missing\.$/);
  assert.deepEqual([code, state], ['PendingImport', 'Nothing was sent or changed.']);
  assert.match(next[0] ?? '', /: keyferry reimport --workdir /);
  assert.deepEqual(changing.changes, []);
});

test('where KMS tells another expiry than was asked for, that is told and recorded, with status 3', async (t) => {
  const ceremony = await finished(t, { expiry: 'date', 'valid-to': dayIn(30) });
  const [before] = await expiriesOf(ceremony);
  const [{ KeyMaterialId } = {}] = await materialsOf(ceremony);
  const proxy = await proxyBefore(t, ceremony.practice);
  let isImported = false;
  proxy.decide((call) => {
    if (call === 'kms:ImportKeyMaterial') isImported = true;
    if (call !== 'kms:ListKeyRotations' || !isImported) return undefined;
    const ValidTo = Date.parse(before ?? '') / 1000;
    const material = { KeyMaterialId, KeyMaterialState: 'CURRENT', ImportState: 'IMPORTED', ValidTo };
    return { status: 200, body: JSON.stringify({ Rotations: [material], Truncated: false }) };
  });
  const answers = { ...opened, expiry: 'date', 'valid-to': dayIn(90) };
  const changing = await beginExpiry(t, ceremony, { answers, endpoint: proxy.endpoint });
  const facts = await changing.upTo();
  assert.match(changing.receiptOf('change-expiry'), /^KMS tells another expiry: /);
  const { status, page, problem } = await expiry.conclude(facts, changing.services);
  assert.deepEqual([status, problem?.code], [3, 'OtherExpiry']);
  const shown = page.lines.join('\n');
  assert.match(shown, /was to be imported so that it expires at .*; KMS says that it expires at /);
  assert.match(shown, /- Look again, and change it: keyferry expiry --workdir /);
  const { asked, after } = JSON.parse(recordOf(changing, 'json')).materials[0].change;
  assert.deepEqual([asked, after], [`${dayIn(90)}T00:00:00.000Z`, before]);
});

test('a list of KMS that lags behind the import is asked again', async (t) => {
  const ceremony = await finished(t, { expiry: 'date', 'valid-to': dayIn(30) });
  const [before] = await expiriesOf(ceremony);
  const [{ KeyMaterialId } = {}] = await materialsOf(ceremony);
  const proxy = await proxyBefore(t, ceremony.practice);
  let lagging = 0;
  proxy.decide((call) => {
    if (call === 'kms:ImportKeyMaterial') lagging = 2;
    if (call !== 'kms:ListKeyRotations' || lagging === 0) return undefined;
    lagging -= 1;
    const ValidTo = Date.parse(before ?? '') / 1000;
    const material = { KeyMaterialId, KeyMaterialState: 'CURRENT', ImportState: 'IMPORTED', ValidTo };
    return { status: 200, body: JSON.stringify({ Rotations: [material], Truncated: false }) };
  });
  const changing = await beginExpiry(t, ceremony, {
    answers: { ...opened, expiry: 'never' },
    endpoint: proxy.endpoint,
  });
  const facts = await changing.upTo();
  assert.equal((await expiry.conclude(facts, changing.services)).status, 0);
  assert.equal(facts.broughtBack?.materials[0]?.found, 'never');
});

test('an expiry that cannot be read back is told, and the next try looks only', async (t) => {
  const ceremony = await finished(t, { expiry: 'date', 'valid-to': dayIn(30) });
  const proxy = await proxyBefore(t, ceremony.practice);
  let isImported = false;
  const body = JSON.stringify({ __type: 'AccessDeniedException', message: 'not allowed' });
  proxy.decide((call) => {
    if (call === 'kms:ImportKeyMaterial') isImported = true;
    return call === 'kms:ListKeyRotations' && isImported ? { status: 400, body } : undefined;
  });
  const changing = await beginExpiry(t, ceremony, {
    answers: { ...opened, expiry: 'never' },
    endpoint: proxy.endpoint,
  });
  const { what, state } = await problemOf(changing.upTo());
  assert.equal(what, "Can't read the expiry back from KMS.");
  assert.equal(state, 'The material was imported again. Trying again only looks; it does not import twice.');
  proxy.decide(() => undefined);
  const facts = await changing.upTo();
  assert.equal(changing.countOf('KMS.ImportKeyMaterial'), 1);
  assert.equal(facts.broughtBack?.materials[0]?.found, 'never');
});

for (const [proceed, after] of [
  ['import', 'Disabled'],
  ['leave-enabled', 'Enabled'],
] as const) {
  test(`a Disabled key whose expiry changes is ${after} afterwards where the answer was ${proceed}`, async (t) => {
    const ceremony = await finished(t, { expiry: 'date', 'valid-to': '30d' });
    await kmsOf(ceremony).send(new DisableKeyCommand(keyOf(ceremony)));
    const changing = await beginExpiry(t, ceremony, { answers: { ...opened, expiry: 'never', proceed } });
    await changing.upTo();
    assert.equal(await stateOf(ceremony), after);
    assert.deepEqual(await expiriesOf(ceremony), ['never']);
  });
}

test('from a backup and the name of the key on the command line alone it changes too, and asks for no key', async (t) => {
  const ceremony = await finished(t, { expiry: 'date', 'valid-to': '30d' });
  const preset = { ...ceremony.services.preset, key: 'alias/my-first-key' };
  const backups = [ceremony.services.folder.file('my-first-key.key.age')];
  const answers = { ...opened, expiry: 'never', backups };
  const changing = await beginExpiry(t, ceremony, { answers, recorded: false, parts: { preset } });
  await changing.upTo();
  assert.deepEqual(changing.questionsOf('find-key'), []);
  assert.deepEqual(await expiriesOf(ceremony), ['never']);
  const unknown = await beginExpiry(t, ceremony, {
    answers,
    recorded: false,
    parts: { preset: { ...preset, key: 'nobody' } },
  });
  const { what, why } = await problemOf(unknown.upTo());
  assert.equal(what, "Can't find the key nobody.");
  assert.match(why ?? '', /There is no key nobody in this account and Region\./);
});

test('each material of a rotated key gets the expiry; it is said of how many that is sooner', async (t) => {
  const ceremony = await finished(t, { expiry: 'date', 'valid-to': dayIn(30) });
  const second = await rotated(ceremony, recipient);
  assert.deepEqual((await expiriesOf(ceremony)).toSorted(), [`${dayIn(30)}T00:00:00.000Z`, 'never']);
  const backups = [ceremony.services.folder.file('my-first-key.key.age'), second];
  const answers = { ...opened, expiry: 'date', 'valid-to': dayIn(90), backups };
  const changing = await beginExpiry(t, ceremony, { answers });
  assert.match(await refusalOf(changing.upTo()), /^change-expiry\.shorten has no answer/);
  const asked = changing.questionsOf('change-expiry').at(-1);
  assert.equal(asked?.ask, 'For 1 of 2 materials this is sooner than now. That is what I want.');
  changing.answer('change-expiry', { shorten: true });
  await changing.upTo();
  const both = `${dayIn(90)}T00:00:00.000Z`;
  assert.deepEqual(await expiriesOf(ceremony), [both, both]);
});

test('what was changed before it stopped is no change of somebody else, and is told with the expiry from before', async (t) => {
  const ceremony = await finished(t);
  const second = await rotated(ceremony, recipient);
  const first = ceremony.services.folder.file('my-first-key.key.age');
  const wrong = join(newFolder(), 'wrong.key.age');
  await sealedTo(recipient, randomBytes(32), wrong);
  const answers = { ...opened, expiry: 'date', 'valid-to': dayIn(90), shorten: true, backups: [first, wrong] };
  const changing = await beginExpiry(t, ceremony, { answers });
  const { what, state } = await problemOf(changing.upTo());
  assert.match(what, /^The material [0-9a-f]{8} was not imported again: no copy holds its bytes\.$/);
  assert.equal(state, 'Another material was imported again; this one was not.');
  changing.answer('change-expiry', { backups: [first, second] });
  const facts = await changing.upTo();
  assert.deepEqual(changing.noticed, [
    'Answers from before: Expiry, Expires, Sooner, Copies, Identity file. Go back to change an answer.',
  ]);
  assert.deepEqual(
    facts.broughtBack?.materials.map(({ before, found }) => [before, found]),
    [
      ['never', `${dayIn(90)}T00:00:00.000Z`],
      ['never', `${dayIn(90)}T00:00:00.000Z`],
    ],
  );
});
