import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { checkBackup } from '../../source/ceremonies/check-backup/check-backup.ts';
import { checkOffline } from '../../source/ceremonies/check-backup/check-offline.ts';
import { knownKeys } from '../../source/ceremonies/known-keys.ts';
import { keyCheckValue, zeroBlockCheckValue } from '../../source/material/check-value.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { newFolder } from '../new-folder.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { sealedTo } from '../secrets/sealed.ts';
import { makeServices } from '../services.ts';
import { type AllAnswers, beginCheck, beginImport, RunningCeremony } from './ceremony.ts';
import { wrappedThere, wrapThere } from './wrap-there.ts';

/* Where a copy of a key turns up that an HSM keeps, the check value that was stated is compared at last. */

const { recipient, identityFile } = ageIdentity(newFolder());
const bytes = randomBytes(32);
const valuesOf = (key: Buffer) => {
  using secret = SecretBytes.takeFrom(Buffer.from(key));
  return { zeroBlock: zeroBlockCheckValue(secret), cmac: keyCheckValue(secret).value };
};

/** A finished first import of a key that an HSM keeps. */
async function imported(t: TestContext, stated: { readonly [name: string]: string }): Promise<RunningCeremony> {
  const answers: AllAnswers = {
    'secret-key': { origin: 'elsewhere', keeper: 'HSM', ...stated },
    wrap: { file: wrappedThere },
    'encrypt-objects': { where: 'later' },
  };
  const ceremony = await beginImport(t, { answers, path: join(newFolder(), 'keyferry-hsm') });
  await ceremony.upTo('wrapping-key');
  wrapThere(ceremony, bytes);
  await ceremony.upTo();
  return ceremony;
}

/** An age file with these bytes, as somebody may have made it of the key in the HSM. */
async function copyOf(key: Buffer): Promise<string> {
  const file = join(newFolder(), 'copy.key.age');
  await sealedTo(recipient, key, file);
  return file;
}

/** Each check is a ceremony of its own. */
const newJournal = () => `${randomUUID()}.jsonl`;

/** What KMS answers to this copy, and the last page. */
async function checked(t: TestContext, first: RunningCeremony, file: string) {
  const ceremony = await beginCheck(t, first, {
    file,
    answers: { 're-import': { identity: identityFile } },
    journalName: newJournal(),
  });
  const { answer } = await ceremony.upTo();
  const { page } = await checkBackup.conclude(ceremony.facts, ceremony.services);
  return { answer, page: page.lines.join('\n') };
}

/** What the record says of this copy, and the last page. */
async function compared(t: TestContext, { practice, services, facts }: RunningCeremony, file: string) {
  const parts = { recorded: facts, preset: { ...services.preset, backup: file } };
  const made = await makeServices(t, { practice, path: services.folder.path, journalName: newJournal(), parts });
  const ceremony = new RunningCeremony(made, checkOffline, { compare: { identity: identityFile } });
  const { compared: comparison } = await ceremony.upTo();
  const { page } = await checkOffline.conclude(ceremony.facts, ceremony.services);
  return { comparison, page: page.lines.join('\n') };
}

test('a copy of a key elsewhere is compared by KMS, and with the check value that was stated', async (t) => {
  const { zeroBlock } = valuesOf(bytes);
  const first = await imported(t, { 'check-value': zeroBlock, 'check-value-method': 'zero-block' });
  const same = await checked(t, first, await copyOf(bytes));
  assert.deepEqual([same.answer?.same, same.answer?.asStated], [true, true]);
  assert.match(same.page, new RegExp(`It has the key check value that HSM stated: ${zeroBlock} \\(zero block\\)\\.`));
  const other = randomBytes(32);
  const refused = await checked(t, first, await copyOf(other));
  assert.deepEqual([refused.answer?.same, refused.answer?.asStated], [false, false]);
  assert.match(refused.page, new RegExp(`check value is ${valuesOf(other).zeroBlock} \\(zero block\\); HSM stated`));
  const offline = await compared(t, first, await copyOf(bytes));
  assert.equal(offline.comparison?.same, true);
  assert.match(offline.page, /^The backup has the key check value that was stated for the key\./);
  assert.equal((await compared(t, first, await copyOf(other))).comparison?.same, false);
});

test('a check value that was stated wrongly is told, where KMS says that the copy is the key', async (t) => {
  // The value is right, the method is not.
  const { cmac } = valuesOf(bytes);
  const first = await imported(t, { 'check-value': cmac, 'check-value-method': 'zero-block' });
  const { answer, page } = await checked(t, first, await copyOf(bytes));
  assert.deepEqual([answer?.same, answer?.asStated], [true, false]);
  assert.match(page, /So what was stated is wrong: look at the value and its method\./);
});

test('without a stated check value the record compares nothing, and a check needs the file of a copy', async (t) => {
  const first = await imported(t, {});
  const refusal = async (ceremony: typeof checkBackup, preset: object) => {
    assert.ok(ceremony.startsFrom.from === 'recorded');
    const { services } = await makeServices(t, { practice: first.practice, parts: { recorded: first.facts, preset } });
    const problem = ceremony.startsFrom.refuse(services);
    return problem === undefined ? undefined : `${problem.what} ${problem.next.join(' ')}`;
  };
  const named = { backup: 'copy.key.age' };
  assert.match((await refusal(checkBackup, {})) ?? '', /the key was never here.*keyferry reimport-wrapped --workdir /);
  assert.equal(await refusal(checkBackup, named), undefined);
  assert.match((await refusal(checkOffline, named)) ?? '', /the record has no key check value\..*check-backup FILE/);
  const { facts, services } = first;
  const without: Facts = { ...facts, secret: { origin: 'elsewhere', keeper: 'HSM' } };
  assert.deepEqual(facts.secret, without.secret);
  const [known] = knownKeys(dirname(services.folder.path));
  assert.deepEqual([known?.keeper, known?.backups], ['HSM', []]);
});
