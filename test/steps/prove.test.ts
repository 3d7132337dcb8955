import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { makeProof } from '../../source/steps/data-key-proof.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { answeringKms } from '../aws/answering-clients.ts';
import { between } from '../faults/between.ts';
import { foreverImported } from '../known-facts.ts';
import { makeOfflineServicesFor, withClients } from '../offline-services.ts';
import { practise } from '../practice/practising.ts';
import { beginImport, problemOf } from './ceremony.ts';

/** A ceremony that has imported its key, with a proxy between it and practice AWS. */
async function imported(t: TestContext) {
  const practice = await practise(t);
  const proxy = await between(practice.server.endpoint);
  t.after(proxy.close);
  const ceremony = await beginImport(t, { practice, endpoint: proxy.endpoint });
  await ceremony.upTo('import');
  return { ceremony, proxy, practice };
}

test('a data key that comes back as another one is no proof, and nothing is uploaded', async (t) => {
  const { ceremony, proxy } = await imported(t);
  const other = randomBytes(32).toString('base64');
  const changeBody = (body: string) => JSON.stringify({ ...JSON.parse(body), Plaintext: other });
  proxy.decide((call) => (call === 'kms:Decrypt' ? { changeBody } : undefined));
  const { what, state } = await problemOf(ceremony.upTo());
  assert.equal(what, 'The proof failed.');
  assert.equal(state, 'The material is imported. Do not encrypt with this key yet.');
  assert.equal(ceremony.facts.proof, undefined);
  assert.equal(ceremony.countOf('S3.PutObject'), 0);
  proxy.decide(() => undefined);
  assert.ok((await ceremony.upTo('prove')).proof !== undefined);
});

test('where KMS refuses to make a data key, the material stays imported', async (t) => {
  const { ceremony, proxy, practice } = await imported(t);
  const body = JSON.stringify({ __type: 'DisabledException', message: 'arn is disabled.' });
  proxy.decide((call) => (call === 'kms:GenerateDataKey' ? { status: 400, body } : undefined));
  const { what, state, code } = await problemOf(ceremony.upTo('prove'));
  assert.deepEqual(
    [what, state, code],
    ["Can't prove the key.", 'The material is imported; nothing is lost.', 'DisabledException'],
  );
  const { KeyMetadata } = await practice.kms().send(new DescribeKeyCommand({ KeyId: ceremony.facts.key?.keyId }));
  assert.equal(KeyMetadata?.KeyState, 'Enabled');
});

test('the proof names the material by the id that KMS has for it, and asks only who proves', async (t) => {
  const { ceremony, practice } = await imported(t);
  const [by, ...others] = ceremony.questionsOf('prove');
  assert.deepEqual([by?.id, by?.kind === 'choice' ? by.default : '', others], ['by', 'me', []]);
  const { key, proof } = await ceremony.upTo('prove');
  const { KeyMetadata } = await practice.kms().send(new DescribeKeyCommand({ KeyId: key?.keyId }));
  assert.equal(proof?.keyMaterialId, KeyMetadata?.CurrentKeyMaterialId);
  assert.equal(ceremony.receiptOf('prove'), `Key proven: material ${proof?.keyMaterialId}`);
  const shell = ceremony.commandsOf('prove').join('\n');
  assert.match(shell, /generate-data-key-without-plaintext[\s\S]*kms decrypt/);
});

test('where KMS gives no id of the material, that is said, and no blank stands in its place', async (t) => {
  const { ceremony, proxy } = await imported(t);
  const withoutIds = (body: string) => body.replaceAll(/"(Current)?KeyMaterialId":"[^"]*",?/g, '').replace(/,}/g, '}');
  proxy.decide((call) => (call?.startsWith('kms:') ? { changeBody: withoutIds } : undefined));
  // The import is done again, so that it gets no id either.
  const fresh = await beginImport(t, { practice: ceremony.practice, endpoint: proxy.endpoint });
  fresh.answer('describe-key', { alias: 'alias/without-ids' });
  fresh.answer('encrypt-objects', { where: 'later' });
  await fresh.upTo();
  assert.equal(fresh.receiptOf('prove'), 'Key proven: KMS gave no id of the material');
  const page = readFileSync(fresh.services.folder.file('record.md'), 'utf8');
  assert.match(page, /\| Material id \| \(KMS gave none\) \|/);
});

test('the proof is kept as the encrypted data key, under the material that KMS names or else the one that was imported', async (t) => {
  const services = { ...makeOfflineServicesFor(t), clock: () => new Date('2026-11-25T14:00:00Z') };
  const facts: Facts = { key: { keyId: 'k', keyArn: 'arn:k', alias: 'alias/a', createdAt: '' } };
  const proofOf = (KeyMaterialId: string | undefined, more: Facts = {}) => {
    const kms = answeringKms((_, command) => ({
      Plaintext: Buffer.alloc(32, 7),
      ...(command === 'GenerateDataKey' ? { CiphertextBlob: Buffer.from('encrypted') } : {}),
      ...(KeyMaterialId === undefined ? {} : { KeyMaterialId }),
    }));
    return makeProof({ ...facts, ...more }, withClients(t, { kms }, services));
  };
  const provedAt = '2026-11-25T14:00:00.000Z';
  const named = { keyMaterialId: 'named', provedAt, file: 'proof.bin' };
  assert.deepEqual(await proofOf('named', { imported: foreverImported }), named);
  assert.equal(String(services.folder.read('proof.bin')), 'encrypted');
  const { keyMaterialId } = foreverImported;
  assert.equal((await proofOf(undefined, { imported: foreverImported })).keyMaterialId, keyMaterialId);
  assert.equal((await proofOf(undefined)).keyMaterialId, '');
});
