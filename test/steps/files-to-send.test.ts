import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { CeremonyFolder } from '../../source/ceremony/folder.ts';
import { ProblemError } from '../../source/ceremony/problem.ts';
import type { Progress } from '../../source/ceremony/step.ts';
import { sha256Of } from '../../source/disk/sha256.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { readFilesToSend } from '../../source/steps/files-to-send.ts';
import { fetchedPair, materialOf } from '../known-facts.ts';
import { newFolder } from '../new-folder.ts';
import { makeOfflineServices } from '../offline-services.ts';
import { parametersToImport } from './acting.ts';

/** The files of an import as the steps before it have left them, and what these noted of them. */
function readyToSend() {
  const folder = new CeremonyFolder(newFolder(), false);
  const { PublicKey: wrappingKey, ImportToken: token } = parametersToImport(2048);
  const files = { wrappingKey, token, material: randomBytes(256) };
  const { publicKeyFile, tokenFile } = fetchedPair;
  const write = (name: string, bytes: Buffer) => writeFileSync(folder.file(name), bytes, { mode: 0o600 });
  write(publicKeyFile, files.wrappingKey);
  write(tokenFile, files.token);
  write('enc.aes.key', files.material);
  const under = sha256Of(files.wrappingKey);
  const wrapping = {
    ...fetchedPair,
    keySpec: 'RSA_2048',
    publicKeySha256: under,
    tokenSha256: sha256Of(files.token),
  } as const;
  const wrapped = { file: 'enc.aes.key', bytes: 256, by: 'keyferry', sha256: sha256Of(files.material), under } as const;
  const told: Progress[] = [];
  const read = (facts: Facts = {}) =>
    readFilesToSend(
      { wrapping, wrapped, ...facts },
      makeOfflineServices(folder),
      (progress) => void told.push(progress),
    );
  const problemWith = (facts: Facts = {}) => {
    try {
      read(facts);
    } catch (error) {
      if (error instanceof ProblemError) return error.problem;
      throw error;
    }
    throw new Error('The files were taken.');
  };
  return { folder, files, wrapping, wrapped, told, read, problemWith, write };
}

test('exactly the bytes that were wrapped and the token that KMS sent are given', () => {
  const { files, read, told, wrapping } = readyToSend();
  const sent = { EncryptedKeyMaterial: files.material, ImportToken: files.token };
  assert.deepEqual(read(), sent);
  const { tokenSha256: _, ...ofEarlierVersion } = wrapping;
  assert.deepEqual(read({ wrapping: ofEarlierVersion }), sent);
  assert.deepEqual(told, []);
});

test('a file that does not fit is not sent, and what is wrong decides where to go back to', () => {
  const token = fetchedPair.tokenFile;
  for (const [spoil, why, step] of [
    [
      ({ wrapped }) => ({ wrapped: { ...wrapped, under: 'f'.repeat(64) } }),
      /^enc\.aes\.key was not wrapped under the wrapping key of this token\.$/,
      'wrap',
    ],
    [({ folder }) => void rmSync(folder.file('enc.aes.key')), /^enc\.aes\.key can't be read\. \S/, 'wrap'],
    [
      ({ write }) => void write('enc.aes.key', randomBytes(256)),
      /^enc\.aes\.key was changed after it was wrapped\.$/,
      'wrap',
    ],
    [
      ({ folder }) => void rmSync(folder.file(token)),
      new RegExp(`^The token ${token} can't be read\\. \\S`),
      'wrapping-key',
    ],
    [
      ({ write }) => void write(token, randomBytes(600)),
      new RegExp(`^The token ${token} is no longer what KMS sent\\.$`),
      'wrapping-key',
    ],
    [
      ({ wrapping }) => ({ wrapping: { ...wrapping, keySpec: 'RSA_4096' } }),
      /^KMS was asked for an RSA_4096 wrapping key, and sent an RSA key of 2048 bits\.$/,
      'wrapping-key',
    ],
  ] as const satisfies readonly (readonly [
    (ready: ReturnType<typeof readyToSend>) => Facts | undefined,
    RegExp,
    string,
  ])[]) {
    const ready = readyToSend();
    const problem = ready.problemWith(spoil(ready) ?? {});
    assert.match(problem.why ?? '', why);
    assert.deepEqual(
      [problem.what, problem.state],
      ['The material was not imported.', 'Nothing was sent. The KMS key still waits for its material.'],
    );
    assert.deepEqual([problem.renewal?.step, problem.renewal?.isOffered], [step, true]);
    assert.match(problem.next.join(), step === 'wrap' ? /^Wrap again\./ : /^Fetch a new pair and wrap again\./);
    assert.equal(problem.remedies?.length, step === 'wrap' ? 2 : 1);
  }
});

test('a changed file of the wrapping key is told and sent all the same, since nothing uses it any more', () => {
  const { read, told, write, files } = readyToSend();
  write(fetchedPair.publicKeyFile, parametersToImport(2048).PublicKey);
  assert.deepEqual(read().EncryptedKeyMaterial, files.material);
  assert.deepEqual(
    told.map(({ label, note }) => [label, note]),
    [[`${fetchedPair.publicKeyFile} is no longer the wrapping key that KMS sent`, 'what is sent was wrapped before']],
  );
});

test('what a person wrapped is looked at again by itself, and Keyferry offers to wrap only a key that it has', () => {
  const { wrapped, problemWith, write } = readyToSend();
  write('enc.aes.key', randomBytes(256));
  const byHand = { wrapped: { ...wrapped, by: 'you' } } as const;
  const elsewhere = { ...byHand, secret: { origin: 'elsewhere', keeper: 'HSM' } } as const;
  for (const [facts, label] of [
    [byHand, 'Choose another file, or let Keyferry wrap'],
    [elsewhere, 'Choose another file'],
  ] as const) {
    const { next, renewal, remedies } = problemWith(facts);
    assert.deepEqual(next, ['Give the wrapped file again. It is looked at like the first time.']);
    assert.deepEqual(renewal, {
      step: 'wrap',
      says: 'enc.aes.key was changed after it was wrapped: it is looked at again',
    });
    assert.deepEqual(
      remedies?.map((remedy) => remedy.label),
      [label, 'Fetch a new wrapping key and token'],
    );
  }
});

test('where KMS has all material of the key, a file that is not sent leaves the key with it', () => {
  const { problemWith, write } = readyToSend();
  write('enc.aes.key', randomBytes(256));
  const stateWith = (isImported: boolean) =>
    problemWith({ materials: { asOf: '', keyState: 'Enabled', wasDisabled: false, all: [materialOf({ isImported })] } })
      .state;
  assert.equal(stateWith(true), 'Nothing was sent. The KMS key has the material that it had.');
  assert.equal(stateWith(false), 'Nothing was sent. The KMS key still waits for its material.');
});
