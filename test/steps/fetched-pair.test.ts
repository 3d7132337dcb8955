import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { test } from 'node:test';
import { sha256Of } from '../../source/disk/sha256.ts';
import { between } from '../faults/between.ts';
import { practise } from '../practice/practising.ts';
import { beginImport, problemOf, refusalOf } from './ceremony.ts';

/* The wrapping key and the import token as the step that fetches them keeps them. */

test('what KMS sends is saved byte for byte, for its owner alone, under the names of the console', async (t) => {
  const practice = await practise(t);
  const proxy = await between(practice.server.endpoint);
  t.after(proxy.close);
  let sent = { PublicKey: '', ImportToken: '' };
  const changeBody = (body: string) => {
    sent = JSON.parse(body);
    return body;
  };
  proxy.decide((call) => (call === 'kms:GetParametersForImport' ? { changeBody } : undefined));
  const ceremony = await beginImport(t, { practice, endpoint: proxy.endpoint });
  const { key, wrapping } = await ceremony.upTo('wrapping-key');
  assert.ok(wrapping !== undefined);
  const { folder } = ceremony.services;
  for (const [name, file, base64, sha256] of [
    ['wrappingKey', wrapping.publicKeyFile, sent.PublicKey, wrapping.publicKeySha256],
    ['importToken', wrapping.tokenFile, sent.ImportToken, wrapping.tokenSha256],
  ] as const) {
    assert.match(file, new RegExp(`^${name}_${key?.keyId}_\\d{10}$`));
    assert.deepEqual(readFileSync(folder.file(file)), Buffer.from(base64, 'base64'));
    assert.equal(sha256, sha256Of(readFileSync(folder.file(file))));
    assert.equal(statSync(folder.file(file)).mode & 0o777, 0o600);
  }
  assert.match(
    ceremony.receiptOf('wrapping-key'),
    /^Wrapping key saved: RSAES_OAEP_SHA_256, RSA_2048, until \d{4}-.* UTC, SHA-256 [0-9a-f]{64}$/,
  );
  assert.match(ceremony.commandsOf('wrapping-key').join('\n'), new RegExp(`> ${wrapping.tokenFile}$`, 'm'));
});

test('the pair is saved under the names that the commands showed before, however long a person took', async (t) => {
  const ceremony = await beginImport(t);
  await ceremony.upTo('policy');
  const shown = ceremony.commandsOf('wrapping-key').join('\n');
  const { clock } = ceremony.practice;
  clock.now = new Date(clock.now.getTime() + 90_000);
  const { wrapping } = await ceremony.upTo('wrapping-key');
  for (const file of [wrapping?.publicKeyFile, wrapping?.tokenFile]) assert.ok(shown.includes(`> ${file}`), file);
});

test('a second pair in the same second gets names of its own, and the first stays as it was', async (t) => {
  const ceremony = await beginImport(t);
  const { wrapping: first } = await ceremony.upTo('wrapping-key');
  const { folder } = ceremony.services;
  const files = [first?.publicKeyFile ?? '', first?.tokenFile ?? ''];
  const before = files.map((name) => readFileSync(folder.file(name)));
  const { wrapping: second } = await ceremony.upTo('wrap', 'wrapping-key');
  assert.notEqual(second?.publicKeyFile, first?.publicKeyFile);
  assert.notEqual(second?.tokenFile, first?.tokenFile);
  assert.deepEqual(
    files.map((name) => readFileSync(folder.file(name))),
    before,
  );
  assert.equal(readdirSync(folder.path).filter((name) => /^(wrappingKey|importToken)_/.test(name)).length, 4);
});

test('an algorithm that KMS does not take for this key stays visible with its reason, and is refused', async (t) => {
  const ceremony = await beginImport(t);
  await ceremony.upTo('policy');
  const [question] = ceremony.questionsOf('wrapping-key');
  assert.ok(question?.kind === 'choice' && Array.isArray(question.options));
  const options: readonly { readonly value: string; readonly disabled?: string }[] = question.options;
  const disabled = options.filter((option) => option.disabled !== undefined);
  assert.ok(disabled.some(({ value }) => value.startsWith('RSAES_PKCS1_V1_5')));
  for (const { value, disabled: reason = '' } of disabled) {
    ceremony.answer('wrapping-key', { wrapping: value });
    assert.ok((await refusalOf(ceremony.upTo('wrapping-key'))).includes(reason), value);
  }
  assert.equal(ceremony.countOf('KMS.GetParametersForImport'), 0);
  assert.equal(question.default, 'RSAES_OAEP_SHA_256 RSA_4096');
});

test('where KMS gives no pair, the key waits and nothing is written', async (t) => {
  const practice = await practise(t);
  const proxy = await between(practice.server.endpoint);
  t.after(proxy.close);
  const body = JSON.stringify({ __type: 'AccessDeniedException', message: 'not allowed' });
  proxy.decide((call) => (call === 'kms:GetParametersForImport' ? { status: 400, body } : undefined));
  const ceremony = await beginImport(t, { practice, endpoint: proxy.endpoint });
  const { what, state } = await problemOf(ceremony.upTo('wrapping-key'));
  assert.equal(what, "Can't get a wrapping key.");
  assert.equal(state, 'The KMS key still waits for its material.');
  assert.deepEqual(readdirSync(ceremony.services.folder.path).toSorted(), ['journal.jsonl', 'plain_text_aes_key.bin']);
});
