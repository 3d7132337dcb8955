import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Answers } from '../../source/ceremony/question.ts';
import type { ActContext, Progress } from '../../source/ceremony/step.ts';
import { chooseAgain, encryptFiles } from '../../source/steps/encrypt-files.ts';
import { encryptMore } from '../../source/steps/encrypt-more.ts';
import { encryptObjects, otherBytesWarning } from '../../source/steps/encrypt-objects.ts';
import type { EncryptedObject, Facts, Objects } from '../../source/steps/facts.ts';
import { sampleFile } from '../../source/steps/file-names.ts';
import type { Services } from '../../source/steps/services.ts';
import { UploadGuard } from '../../source/steps/upload-guard.ts';
import { answeringS3, refusal } from '../aws/answering-clients.ts';
import { connectionOf, foreverImported, keyOf, wrappedHere } from '../known-facts.ts';
import { newFolder } from '../new-folder.ts';
import { makeOfflineServices, makeOfflineServicesFor, withClients } from '../offline-services.ts';
import { bareContext } from './acting.ts';
import { problemOf } from './ceremony.ts';

/* What the steps that encrypt objects say of themselves, and what they look at before anything is sent. */

const you = 'arn:aws:iam::000000000000:user/alice';
const facts: Facts = {
  connection: connectionOf(you),
  key: keyOf('k'),
  description: { alias: 'alias/a', description: '' },
  wrapped: wrappedHere,
  imported: foreverImported,
};
const leftToUser = { script: 'user-proof.sh' };
const other: Facts = { imported: { ...foreverImported, secretInKms: 'other' } };
const one: EncryptedObject = {
  bucket: 'b',
  key: 'a.txt',
  size: 1,
  sha256: '',
  sseAlgorithm: 'aws:kms',
  kmsKeyArn: 'k',
  verified: true,
};

test('the receipt says how many objects are where, and how each was checked', () => {
  const unread: EncryptedObject = { ...one, verified: false };
  const told = (objects: Objects, more: Facts = {}) => encryptObjects.receipt({ ...facts, ...more, objects });
  assert.equal(told({ bucket: '', objects: [] }), 'No objects encrypted yet');
  assert.equal(
    told({ bucket: '', objects: [] }, { leftToUser }),
    'Uploads left to a user of the key; the commands are in user-proof.sh',
  );
  const two = { bucket: 'b', prefix: 'in', objects: [one, one] };
  const three = { bucket: 'b', objects: [], count: 3 };
  const start = '2 objects encrypted in s3://b/in, ';
  const confirmed = 'key named and checksum confirmed by S3';
  for (const [objects, says] of [
    [{ bucket: 'b', objects: [one] }, '1 object encrypted in s3://b, key checked, read back'],
    [two, `${start}key checked, read back`],
    [{ ...two, count: 2, readBack: 2, found: 1 }, `${start}key checked, read back; 1 of them were there already`],
    [{ ...two, count: 2, readBack: 0 }, `${start}${confirmed}`],
    [{ ...two, count: 2, readBack: 1, found: 2 }, `${start}${confirmed}, or read back; 2 of them were there already`],
    [
      { ...two, objects: [one, unread], found: 1, unconfirmed: 2 },
      `${start}key named by S3; 1 not read back: you may not read objects there`,
    ],
    [
      { ...three, unconfirmed: 2 },
      '3 objects encrypted in s3://b, key named by S3; 2 not read back: you may not read objects there',
    ],
    [{ ...three, readBack: 3 }, '3 objects encrypted in s3://b, key checked, read back'],
  ] as const)
    assert.equal(told(objects), says);
});

test('the commands make the bucket and the sample only where Keyferry makes them, and upload what is named', () => {
  const services = makeOfflineServices();
  const shown = (answers: Answers, more: Facts = {}) =>
    encryptObjects.commands({ facts: { ...facts, ...more }, answers, services }).map(({ shell }) => shell);
  const namesOf = (shells: readonly string[]) =>
    shells.map((shell) => /describe-key|s3 mb|printf|s3 cp|head-object|get-object/.exec(shell)?.[0]);
  assert.deepEqual(shown({ where: 'later' }), []);
  const sample = { where: 'new', bucket: 'b', what: 'sample' };
  const made = shown(sample);
  assert.deepEqual(namesOf(made).slice(0, 4), ['describe-key', 's3 mb', 'printf', 's3 cp']);
  assert.match(made[1] ?? '', /^aws s3 mb s3:\/\/b \\\n {2}--region us-east-1/);
  assert.match(made[3] ?? '', /keyferry-sample\.txt s3:\/\/b\//);
  const tags = [
    { key: 'team', value: 'pay' },
    { key: 'cost centre', value: "it's" },
  ];
  const [, tagged] = shown(sample, { description: { alias: 'alias/a', description: '', tags } });
  assert.match(tagged ?? '', /^aws s3 mb s3:\/\/b --tags team pay --tags 'cost centre' 'it'\\''s' /);
  const files = { where: 'existing', bucket: 'b', prefix: 'in', what: 'files', files: ['/gone/a.txt', '/gone/b.txt'] };
  const uploads = shown(files).filter((shell) => shell.includes('--sse aws:kms'));
  assert.deepEqual(
    namesOf(shown(files)).filter((name) => name === 's3 mb' || name === 'printf'),
    [],
  );
  assert.equal(uploads.length, 2);
  for (const [index, name] of ['a.txt', 'b.txt'].entries())
    assert.match(uploads[index] ?? '', new RegExp(`/gone/${name} s3://b/in/${name} `));
  // Before an answer, the commands name the bucket that Keyferry suggests.
  assert.match(shown({}).join('\n'), /s3:\/\/keyferry-a-k\//);
  const byUser = encryptObjects.commands({ facts: { ...facts, leftToUser }, answers: sample, services });
  assert.ok(byUser.length > 0 && byUser.every(({ isForOther }) => isForOther === true));
});

test('who cannot upload, or would upload under other bytes, is warned first, and "later" is the default then', () => {
  const services = makeOfflineServices();
  const notOpened = 'refused' as const;
  const strict = (users: readonly string[]): Facts => ({
    people: { administrators: [], users, administratorsMayDelete: false, policyKind: 'strict' },
  });
  const asked = (more: Facts) => encryptObjects.questions({ facts: { ...facts, ...more }, answers: {}, services });
  const first = (more: Facts) => {
    const [question] = asked(more);
    assert.ok(question?.kind === 'choice' && question.id === 'where');
    return { help: question.help ?? '', default: question.default };
  };
  const plain = first({});
  const leftOut = /^You are not among the users of the key/;
  const refused = /^KMS did not let you use the key/;
  for (const [more, warning] of [
    [other, /^WARNING: you wrapped other bytes/],
    [{ ...other, ...strict([]), notOpened }, /^WARNING: you wrapped other bytes/],
    [{ ...strict(['arn:aws:iam::000000000000:user/bob']), notOpened }, leftOut],
    [{ notOpened }, refused],
    [{ notOpened, ...strict([you]) }, refused],
  ] as const) {
    const { help, default: answer } = first(more);
    assert.match(help, warning);
    assert.ok(help.endsWith(`\n${plain.help}`));
    assert.equal(answer, 'later');
  }
  for (const more of [strict([you]), { ...strict([]), connection: connectionOf('') }])
    assert.deepEqual(first(more), plain);
  assert.notEqual(plain.default, 'later');
  const others = (more: Facts) =>
    encryptObjects
      .questions({ facts: { ...facts, ...more }, answers: { where: 'existing', bucket: 'b' }, services })
      .slice(1)
      .map((question) => [question.id, question.help, 'default' in question ? question.default : undefined]);
  assert.ok(others({}).length > 1);
  for (const more of [other, strict([]), { notOpened }]) assert.deepEqual(others(more), others({}));
  assert.deepEqual(asked({ leftToUser }), []);
});

test('an answers file is held against the Object Lock of a bucket that is there, and of no other', async (t) => {
  let looks = 0;
  const s3 = answeringS3(() => {
    looks += 1;
    const DefaultRetention = { Mode: 'COMPLIANCE', Years: 7 } as const;
    return { ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention } } };
  });
  const services = withClients(t, { s3 });
  const imported = { ...foreverImported, validTo: '2027-03-01T11:59:00.000Z' };
  const refusal = (answers: Answers, more: Facts = {}) =>
    encryptObjects.findRefusal?.({ facts: { ...facts, imported, ...more }, answers, services });
  assert.equal(await refusal({ where: 'new', bucket: 'b' }), undefined);
  assert.equal(await refusal({ where: 'later' }), undefined);
  assert.equal(await refusal({ where: 'existing', bucket: 'b' }, { leftToUser }), undefined);
  assert.equal(looks, 0);
  assert.match(
    String(await refusal({ where: 'existing', bucket: 'b' })),
    /^b has Object Lock in mode COMPLIANCE: .*for 7 years.*encrypt-objects\.accept-object-lock: b$/,
  );
});

test('more objects for a key with other bytes than the secret of its folder are warned of at the first question alone', () => {
  const services = makeOfflineServices();
  const asked = (recorded: Facts | undefined) =>
    encryptMore
      .questions({
        facts,
        answers: { where: 'existing' },
        services: { ...services, ...(recorded === undefined ? {} : { recorded }) },
      })
      .map(({ id, help }) => [id, help]);
  const plain = asked(undefined);
  assert.deepEqual(asked(facts), plain);
  const { imported: _, ...notImported } = facts;
  assert.deepEqual(asked(notImported), plain);
  const [[id, help] = [], ...others] = asked({ ...facts, ...other });
  assert.deepEqual([id, help], ['where', `${otherBytesWarning}\n${plain[0]?.[1]}`]);
  assert.deepEqual(others, plain.slice(1));
});

test('a prefix with a part that other tools take for a folder above is told as one, and any other is not', async (t) => {
  t.mock.method(encryptObjects, 'act', async () => ({}));
  const toldFor = async (answers: Answers) => {
    const told: Progress[] = [];
    const report = (one: Progress) => void told.push(one);
    await encryptMore.act(bareContext({ facts, answers, services: makeOfflineServices(), report }));
    return told.map(({ label }) => label);
  };
  const [warning, ...more] = await toldFor({ prefix: 'in/../out' });
  assert.match(warning ?? '', /^"\.\." is a name like any other to S3/);
  assert.deepEqual(more, []);
  for (const answers of [{}, { prefix: 'in/2026' }]) assert.deepEqual(await toldFor(answers), []);
});

/** Uploads this file into a bucket that is there, as far as the answers of S3 let it. */
function uploading(t: TestContext, answer: () => object) {
  const services = withClients(t, { s3: answeringS3(answer) }, makeOfflineServicesFor(t));
  const controller = new AbortController();
  const folder = newFolder();
  const file = join(folder, 'a.txt');
  writeFileSync(file, 'some bytes');
  const answers: Answers = { where: 'existing', bucket: 'b', what: 'files', files: [file] };
  const { signal } = controller;
  const upload = async (given = answers, more: Facts = {}) =>
    encryptObjects.act(bareContext({ services, signal, facts: { ...facts, ...more }, answers: given }));
  return { upload, file, folder, answers, services, stop: () => controller.abort(new Error('stopped by the person')) };
}

test('each named file is looked into before the upload is begun, and a folder only as it is sent', async (t) => {
  const { upload, file, folder, answers, services } = uploading(t, () => {
    throw refusal('ObjectLockConfigurationNotFoundError', 404);
  });
  const looked = t.mock.method(UploadGuard.prototype, 'refuse', async () => {});
  await assert.rejects(upload({ ...answers, files: [folder, file, join(folder, 'gone')] }), /nothing is tried/);
  assert.deepEqual(
    looked.mock.calls.map(({ arguments: [path] }) => path),
    [file],
  );
  assert.equal(services.folder.has(sampleFile), false);
  await assert.rejects(upload({ where: 'existing', bucket: 'b', what: 'sample' }), /nothing is tried/);
  assert.equal(String(services.folder.read(sampleFile)), 'Made by Keyferry to try alias/a.\n');
  assert.equal(looked.mock.callCount(), 2, 'the sample is looked into too');
});

test('what was left for later, or to a user of the key, sends nothing and asks nothing', async (t) => {
  const { upload, answers, services } = uploading(t, () => assert.fail('S3 is not asked'));
  const nothing = { objects: { bucket: '', objects: [] } };
  assert.deepEqual(await upload({ ...answers, where: 'later' }), nothing);
  assert.deepEqual(await upload({ where: 'existing', bucket: 'b', what: 'sample' }, { leftToUser }), nothing);
  assert.equal(services.folder.has(sampleFile), false);
});

test('a file into which nobody can look is told before S3 is asked for anything, and others can be chosen', async (t) => {
  t.mock.method(UploadGuard.prototype, 'refuse', () =>
    Promise.reject(Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES', syscall: 'open' })),
  );
  const { upload } = uploading(t, () => assert.fail('S3 is not asked'));
  const { what, state, remedies } = await problemOf(upload());
  assert.equal(what, "Can't look into a file that is to be uploaded.");
  assert.equal(state, 'The key is ready. Files uploaded before stay.');
  assert.deepEqual(remedies, [chooseAgain]);
});

test('while S3 does not show the Object Lock of a bucket for a fault of its own, no object is sent', async (t) => {
  const fault = refusal('InternalError', 500);
  const { upload } = uploading(t, () => {
    throw fault;
  });
  const { what, state } = await problemOf(upload());
  assert.deepEqual([what, state], ["Can't look at the Object Lock of b.", 'No object was sent.']);
  const stopping = uploading(t, () => {
    stopping.stop();
    throw fault;
  });
  await assert.rejects(stopping.upload(), /^Error: stopped by the person$/);
});

test('a file that may not be uploaded is refused before a bucket is made for it', async (t) => {
  const { upload, answers, services } = uploading(t, () => assert.fail('S3 is not asked'));
  services.folder.write('my.key.age', 'a backup');
  const files = [services.folder.file('my.key.age')];
  const { why } = await problemOf(upload({ ...answers, where: 'new', files }));
  assert.match(why ?? '', /is the backup of your secret key\. It never goes to S3\.$/);
});

/** The problem of an upload of so many files that are not there; its attempt fails with what `end` makes of the failure. */
function uploadingGone(t: TestContext, count: number, end: (failure: unknown) => unknown) {
  const { services, folder } = uploading(t, () => assert.fail('S3 is not asked'));
  const inputs = Array.from({ length: count }, (_, n) => join(folder, `gone-${n}`));
  const attempt: ActContext<Facts, Services>['attempt'] = async ({ act }) => {
    try {
      return await act();
    } catch (failure) {
      throw end(failure);
    }
  };
  const context = bareContext({ services, facts, answers: { where: 'existing' }, attempt });
  return problemOf(encryptFiles(context, { destination: { bucket: 'b', prefix: '' }, inputs }));
}

test('of the files that are not in S3 five are told with the reason, and the others counted', async (t) => {
  const whyWith = async (count: number) =>
    ((await uploadingGone(t, count, (failure) => failure)).why ?? '').split('\n');
  assert.equal((await whyWith(5)).length, 5);
  const six = await whyWith(6);
  assert.equal(six.length, 6);
  assert.match(six[5] ?? '', /^And 1 more: .*manifest-[\da-f]{12}\.jsonl has all of them\.$/);
});

test('an error that comes after the failure of an upload does not hide that failure', async (t) => {
  const { what } = await uploadingGone(t, 2, () => new Error('the journal cannot be written'));
  assert.equal(what, '2 of 2 files are not in S3 as planned.');
});

test('more objects are suggested to go where the last one went', () => {
  const bucketAfter = (...buckets: readonly string[]) => {
    const objects = buckets.map((bucket) => ({ ...one, bucket }));
    const services = { ...makeOfflineServices(), earlier: { objects, openingFiles: [], copies: [] } };
    const question = encryptMore.questions({ facts, answers: { where: 'existing' }, services })[1];
    assert.ok(question?.kind === 'choice' && question.id === 'bucket');
    return question.default;
  };
  assert.deepEqual([bucketAfter(), bucketAfter('one'), bucketAfter('one', 'two')], [undefined, 'one', 'two']);
});

test('the sample is offered with the size that it has, or will have', (t) => {
  const services = makeOfflineServicesFor(t);
  const label = () => {
    const question = encryptObjects
      .questions({ facts, answers: { where: 'existing', bucket: 'b' }, services })
      .find(({ id }) => id === 'what');
    assert.ok(question?.kind === 'choice' && Array.isArray(question.options));
    return question.options[0]?.label;
  };
  assert.equal(label(), 'Upload a sample of 33 bytes to s3://b');
  services.folder.write(sampleFile, 'another one');
  assert.equal(label(), 'Upload a sample of 11 bytes to s3://b');
});
