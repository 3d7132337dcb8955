import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Answers } from '../../source/ceremony/question.ts';
import { Manifest } from '../../source/objects/manifest.ts';
import { writePlan } from '../../source/objects/plan.ts';
import { filesToEncrypt, uploadChoiceOf } from '../../source/steps/chosen-files.ts';
import { countFiles, totalsWords } from '../../source/steps/counted-files.ts';
import { sampleFile } from '../../source/steps/file-names.ts';
import { filesQuestions } from '../../source/steps/files-question.ts';
import { manifestNameOf } from '../../source/steps/manifest-names.ts';
import { UploadGuard } from '../../source/steps/upload-guard.ts';
import { workIn } from '../kept-environment.ts';
import { makeOfflineServicesFor } from '../offline-services.ts';

const everyone = { include: [], exclude: [], replace: false };

/** A current folder with files, and a ceremony beside it. */
function working(t: TestContext) {
  const here = workIn(t);
  const services = { ...makeOfflineServicesFor(t), preset: {} };
  const write = (...names: readonly string[]) => {
    for (const name of names) writeFileSync(join(here, name), name);
  };
  return { here, folder: services.folder, services, write };
}

test('the sample is its file alone and always read back; files of the own are read back where that was chosen', (t) => {
  const { here, folder, services } = working(t);
  const to = { bucket: 'b', prefix: '' };
  for (const answers of [{ bucket: 'b' }, { bucket: 'b', what: 'sample', files: ['a'], 'read-back': false }])
    assert.deepEqual(filesToEncrypt(answers, services), {
      destination: to,
      inputs: [folder.file(sampleFile)],
      readsBack: true,
    });
  const files = { bucket: 'b', prefix: 'in', what: 'files', files: ['a', '/x/b'] };
  const own = { destination: { bucket: 'b', prefix: 'in' }, inputs: [join(here, 'a'), '/x/b'], readsBack: false };
  assert.deepEqual(filesToEncrypt(files, services), own);
  assert.deepEqual(filesToEncrypt({ ...files, 'read-back': true }, services), { ...own, readsBack: true });
  assert.deepEqual(filesToEncrypt({ ...files, files: 'a' }, services).inputs, [join(here, 'a')]);
  const upload = { include: ['*.txt'], exclude: [], replace: true };
  const flagged = { ...services, preset: { upload } };
  assert.deepEqual(filesToEncrypt(files, flagged), { ...own, ...upload });
  assert.equal('include' in filesToEncrypt({ bucket: 'b' }, flagged), false);
});

test('without flags the choice is that with which the same files went to the same place before, and no other', async (t) => {
  const { here, folder, services, write } = working(t);
  write('a.txt');
  const choose = async (more: object) => {
    const head = { bucket: 'b', prefix: 'in', keyArn: 'k', inputs: [join(here, 'a.txt')], ...everyone, ...more };
    const manifest = new Manifest(folder.file(manifestNameOf(services.journal.path, head)));
    const guard = new UploadGuard({}, services);
    await writePlan(manifest, head, new Date(), { guard, signal: new AbortController().signal, onLeftOut: () => {} });
    manifest.close();
  };
  const answers = { bucket: 'b', prefix: 'in', what: 'files', files: ['a.txt'] };
  const chosen = (more: Answers = {}, preset = {}) => {
    const choice = uploadChoiceOf({ ...answers, ...more }, { ...services, preset });
    return choice === undefined ? undefined : choice.include;
  };
  assert.equal(chosen(), undefined);
  await choose({ bucket: 'other', include: ['1'] });
  await choose({ prefix: '', include: ['2'] });
  await choose({ inputs: [join(here, 'b.txt')], include: ['3'] });
  assert.equal(chosen(), undefined);
  await choose({ include: ['4'] });
  assert.deepEqual(chosen(), ['4']);
  assert.deepEqual(chosen({ prefix: '' }), ['2']);
  assert.equal(chosen({ files: ['a.txt', 'b.txt'] }), undefined);
  assert.deepEqual(chosen({}, { upload: { ...everyone, include: ['5'] } }), ['5'], 'flags come first');
});

test('only the files that the flags choose are counted', async (t) => {
  const { services, write } = working(t);
  mkdirSync('in');
  write('in/a.txt', 'in/b.txt', 'in/c.md');
  const wordsWith = async (upload?: object) => {
    const flagged = { ...services, preset: upload === undefined ? {} : { upload: { ...everyone, ...upload } } };
    return totalsWords(await countFiles(new UploadGuard({}, flagged), { bucket: 'b', files: ['in'] }, flagged));
  };
  assert.equal(await wordsWith(), '3 files, 23 bytes, 3 requests.');
  assert.equal(await wordsWith({ include: ['*.md'] }), '1 file, 7 bytes, 1 request.');
  assert.equal(await wordsWith({ exclude: ['a.*'] }), '2 files, 15 bytes, 2 requests.');
});

test('a choice with a wrong file is refused with its reason, which stands beside the count while files are chosen', async (t) => {
  const { services, write } = working(t);
  for (const name of ['one', 'two']) mkdirSync(name);
  write('one/a.txt', 'two/a.txt', 'one/b.txt', 'two/b.txt');
  const [files] = filesQuestions({}, { bucket: 'b' }, services);
  assert.ok(files?.kind === 'many');
  const inputs = ['one', 'two'];
  const wrong = /^Two of the files are called a\.txt; they would overwrite each other in the bucket\./;
  const tally = (await files.tally?.(inputs, new AbortController().signal)) ?? '';
  assert.match(tally.replace('2 files, 18 bytes, 2 requests. ', ''), wrong);
  assert.equal(tally.split('Two of the files').length, 2, 'one reason is enough');
  assert.match(String(await files.verify?.(inputs)), wrong);
  assert.deepEqual(files.remarks?.(inputs), []);
  assert.equal(await files.verify?.(['one']), undefined);
  assert.match(String(await files.verify?.(['one', 'gone.txt'])), /gone\.txt does not exist\./);
  const long = 'p'.repeat(1020);
  const [prefixed] = filesQuestions({}, { bucket: 'b', prefix: long }, services);
  assert.ok(prefixed?.kind === 'many');
  assert.match(String(await prefixed.verify?.(['one'])), /at most 1024 bytes/);
  assert.match((await prefixed.tally?.(['one'], new AbortController().signal)) ?? '', /at most 1024 bytes/);
});

test('a named file is looked into before it is taken, and nothing is read back unless that is chosen', async (t) => {
  const { here, folder, services, write } = working(t);
  write('plain.txt');
  writeFileSync(folder.file('plain_text_aes_key.bin'), 'a key', { mode: 0o600 });
  symlinkSync(folder.file('plain_text_aes_key.bin'), join(here, 'link'));
  const [files, readBack] = filesQuestions({}, { bucket: 'b' }, services);
  assert.ok(files?.kind === 'many' && readBack?.kind === 'confirm');
  assert.match(String(await files.verify?.(['link'])), /link is your secret key\. It never goes to S3\./);
  const identity = 'AGE-SECRET-KEY-1QQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQQS0000000';
  writeFileSync(join(here, 'plain.txt'), identity);
  const problem = await new UploadGuard({}, services).namedFileProblem('plain.txt');
  assert.match(problem ?? '', /plain\.txt/);
  assert.equal(await files.verify?.(['plain.txt']), problem);
  assert.equal(readBack.default, false);
});

test('the files of the current folder are offered in the order of their names', (t) => {
  const { services, write } = working(t);
  const names = ['b', 'B', 'a', 'ä', '10', '9', 'z', 'c'];
  write(...names);
  const [files] = filesQuestions({}, { bucket: 'b' }, services);
  assert.ok(files?.kind === 'many' && Array.isArray(files.options));
  assert.deepEqual(
    files.options.map((option) => option.value),
    names.toSorted(),
  );
  assert.ok(files.options.every((option) => !('disabled' in option)));
});
