import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { firstImport } from '../../source/ceremonies/first-import/first-import.ts';
import { rehearse } from '../../source/ui/unattended/rehearsal.ts';
import { givenAnswers } from '../given-answers.ts';
import { denyCaller, practise, setControl } from '../practice/practising.ts';
import { beginImport, continueImport, problemOf, type RunningCeremony } from './ceremony.ts';
import { you } from './existing-ceremony.ts';

const uploader = 'arn:aws:iam::000000000000:role/app-uploader';
const asUploader = 'arn:aws:sts::000000000000:assumed-role/app-uploader/ana';

/** A ceremony of an administrator who is not among the users of the key; IAM would let them use it all the same. */
async function ofAdministrator(t: TestContext, by?: 'me' | 'user' | 'later'): Promise<RunningCeremony> {
  const practice = await practise(t);
  const answers = { permissions: { users: [uploader] }, ...(by === undefined ? {} : { prove: { by } }) };
  return beginImport(t, { practice, answers });
}

/** What the script of the ceremony writes when a user of the key runs it. */
function resultOf({ facts }: RunningCeremony) {
  return {
    format: 'keyferry-user-proof-1',
    keyArn: facts.key?.keyArn,
    keyMaterialId: facts.imported?.keyMaterialId,
    openedBy: asUploader,
    openedAt: '2026-11-25T20:10:00Z',
    dataKey: Buffer.alloc(184, 7).toString('base64'),
  };
}

test('a proof that is left to a user waits for their result, and takes it into the record; the objects are theirs too', async (t) => {
  const ceremony = await ofAdministrator(t, 'user');
  const { kind, what, next, remedies } = await problemOf(ceremony.upTo());
  assert.deepEqual([kind, what], ['waiting', 'The proof waits for a user of the key.']);
  assert.match(next[0] ?? '', /user-proof\.sh\. They run it, and send you user-proof\.json\.$/);
  assert.deepEqual(
    remedies?.map(({ action }) => action),
    ['retry', 'ask-again', 'ask-again'],
  );
  const { folder } = ceremony.services;
  const script = folder.read('user-proof.sh').toString();
  assert.match(script, /kms decrypt \\\n {2}--key-id "\$KEY_ARN"[\s\S]*--encryption-context purpose=keyferry-proof/);
  assert.ok(script.includes(`KEY_ARN=${ceremony.facts.key?.keyArn}\n`));

  writeFileSync(folder.file('user-proof.json'), JSON.stringify(resultOf(ceremony)));
  const later = await continueImport(t, ceremony);
  const { leftToUser, proof, objects } = await later.upTo();
  assert.deepEqual([proof, objects?.objects], [undefined, []]);
  assert.equal(leftToUser?.result?.openedBy, asUploader);
  assert.match(
    later.receiptOf('prove'),
    /^Proof as a user of the key states: .*app-uploader\/ana opened a data key at/,
  );
  assert.equal(
    later.receiptOf('encrypt-objects'),
    'Uploads left to a user of the key; the commands are in user-proof.sh',
  );
  assert.match(later.commandsOf('encrypt-objects').join('\n'), /^keyferry encrypt FILE[\s\S]*aws s3 cp FILE/);
  for (const call of ['KMS.GenerateDataKey', 'KMS.Decrypt', 'S3.PutObject', 'S3.CreateBucket'])
    assert.equal(
      later.calls.filter(({ operation, error }) => operation === call && error === undefined).length,
      0,
      call,
    );

  const record = JSON.parse(readFileSync(folder.file('record.json'), 'utf8'));
  assert.deepEqual(record.material.userProof, leftToUser?.result);
  const page = readFileSync(folder.file('record.md'), 'utf8');
  assert.match(
    page,
    /\| Proof \| left to a user of the key\. Stated by `arn:.*`: .* is the one above\. Keyferry cannot open/,
  );
  assert.match(page, /None here: the uploads were left to a user of the key\./);
  const closing = (await firstImport.conclude(later.facts, later.services)).page.lines.join('\n');
  assert.match(closing, /^Proven as .*app-uploader\/ana states/m);
  assert.match(closing, /which they upload under the key:\n {2}.*user-proof\.sh$/m);
});

test('without a result the ceremony goes on where a person says so, and the record says that there is none', async (t) => {
  const ceremony = await ofAdministrator(t, 'later');
  const facts = await ceremony.upTo();
  assert.deepEqual(facts.leftToUser, { script: 'user-proof.sh' });
  assert.match(ceremony.receiptOf('prove'), /^Proof left to a user of the key, no result yet/);
  const { folder } = ceremony.services;
  assert.equal(JSON.parse(readFileSync(folder.file('record.json'), 'utf8')).material.userProof, null);
  assert.match(readFileSync(folder.file('record.md'), 'utf8'), /left to a user of the key; no result yet\./);
  const { status, page, result } = await firstImport.conclude(facts, ceremony.services);
  assert.deepEqual([status, (result as { userProof?: unknown }).userProof], [0, null]);
  assert.match(page.lines.join('\n'), /prove the key, and upload under it:/);
});

test('a result of another key or material, or what is no result, is refused and named; the material stays imported', async (t) => {
  const ceremony = await ofAdministrator(t, 'user');
  await problemOf(ceremony.upTo());
  const file = ceremony.services.folder.file('user-proof.json');
  const good = resultOf(ceremony);
  for (const [content, says] of [
    [JSON.stringify({ ...good, keyArn: `${good.keyArn}0` }), /^It is of another key, arn:/],
    [JSON.stringify({ ...good, keyMaterialId: 'ab'.repeat(32) }), /^Another material opened the data key: abab/],
    [JSON.stringify({ ...good, openedBy: 'ana' }), /"openedBy" must be the ARN of a user or role\.$/],
    [JSON.stringify({ ...good, dataKey: undefined }), /"dataKey" is missing\.$/],
    [JSON.stringify({ ...good, format: 'other' }), /"format" must be keyferry-user-proof-1\.$/],
    ['Unable to locate credentials', /is not what user-proof\.sh writes: it is not JSON\.$/],
    ['', /can't be read\. This file is empty\.$/],
  ] as const) {
    writeFileSync(file, content);
    const { what, why, state } = await problemOf(ceremony.upTo());
    assert.equal(what, "Can't take the result of the user of the key.", content);
    assert.match(why ?? '', says);
    assert.match(state ?? '', /^The material is imported; nothing is lost\./);
  }
  // aws-cli prints None where KMS gives no id: then nothing is compared, and nothing is claimed.
  writeFileSync(file, JSON.stringify({ ...good, keyMaterialId: 'None' }));
  const { leftToUser } = await ceremony.upTo('prove');
  assert.equal(leftToUser?.result?.keyMaterialId, undefined);
  assert.match(ceremony.receiptOf('prove'), /KMS gave no id of the material$/);
});

test('whom KMS refuses the use of the key leaves the proof to a user by default; who is not refused proves it', async (t) => {
  const ceremony = await ofAdministrator(t);
  await ceremony.upTo('wrap');
  denyCaller(ceremony.practice, 'kms:Decrypt', 'kms:GenerateDataKey');
  const { imported } = await ceremony.upTo('import');
  assert.deepEqual(imported?.refusedUses, ['kms:GenerateDataKey', 'kms:Decrypt']);
  const [by] = ceremony.questionsOf('prove');
  assert.ok(by?.kind === 'choice');
  assert.equal(by.default, 'user');
  assert.match(by.help ?? '', /^KMS refuses you kms:GenerateDataKey and kms:Decrypt: you look after the key/);
  ceremony.answer('prove', { by: 'me' });
  const { what, next, remedies } = await problemOf(ceremony.upTo('prove'));
  assert.equal(what, "Can't prove the key.");
  assert.match(next[0] ?? '', /^Leave the proof to a user of the key/);
  assert.deepEqual(remedies?.[0], {
    action: 'ask-again',
    label: 'Leave the proof to a user of the key',
    question: 'by',
  });

  const allowed = await ofAdministrator(t);
  await allowed.upTo('import');
  const [question] = allowed.questionsOf('prove');
  assert.equal(question?.kind === 'choice' ? question.default : undefined, 'me');
  assert.equal(allowed.facts.imported?.refusedUses, undefined);
});

test('an answer of KMS that is neither yes nor no is not told as a yes', async (t) => {
  const ceremony = await ofAdministrator(t);
  await ceremony.upTo('permissions');
  const faults = ['kms:GenerateDataKey', 'kms:Decrypt'].map((operation) => ({ operation, do: 'fail' }) as const);
  setControl(ceremony.practice, { faults });
  await ceremony.upTo('policy');
  const use = ceremony.progress.filter(({ id }) => id === 'use').at(-1);
  assert.equal(use?.label, 'KMS did not refuse you the use of the key');
  const answer = ceremony.calls.find(({ operation }) => operation === 'KMS.Decrypt');
  assert.equal(answer?.error, 'KMSInternalException');
});

test('in an answers file, uploads that are left to a user are no mistake; other answers without effect still are', async (t) => {
  const { services } = await ofAdministrator(t);
  const rehearsalOf = (by: string, where = 'new') => {
    const steps = {
      'secret-key': { origin: 'generate', keep: 'file' },
      'describe-key': { alias: 'alias/a', description: '', acknowledge: true },
      backup: { how: 'none', 'confirm-none': 'no backup' },
      permissions: { administrators: [you], users: [uploader], 'administrators-may-delete': false },
      wrap: { by: 'keyferry' },
      prove: { by },
      'encrypt-objects': { where, what: 'sample' },
    };
    return () => rehearse(firstImport.steps, givenAnswers(steps), services, {});
  };
  assert.equal(rehearsalOf('user')().answers.get('prove')?.result, 'user-proof.json');
  assert.doesNotThrow(rehearsalOf('later'));
  assert.throws(rehearsalOf('me', 'later'), /encrypt-objects\.what is not asked with the other answers/);
});
