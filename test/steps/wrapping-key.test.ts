import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { suite, type TestContext, test } from 'node:test';
import type { Answers } from '../../source/ceremony/question.ts';
import { sha256Of } from '../../source/disk/sha256.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { HeldSecrets } from '../../source/steps/held-secrets.ts';
import { reImport } from '../../source/steps/re-import.ts';
import type { KeyferryStep, Services } from '../../source/steps/services.ts';
import { wrap } from '../../source/steps/wrap.ts';
import { wrappingKey } from '../../source/steps/wrapping-key.ts';
import { connectionOf, foreverImported } from '../known-facts.ts';
import { practise } from '../practice/practising.ts';
import { type Given, type Made, makeServices } from '../services.ts';
import { bareContext } from './acting.ts';
import { problemOf, proxyBefore } from './ceremony.ts';

/*
 * The steps themselves, as every interface calls them: what they refuse, what they offer, and that the key is not touched.
 */

const rsa = (modulusLength: number) =>
  generateKeyPairSync('rsa', { modulusLength }).publicKey.export({ format: 'der', type: 'spki' });
const sent = rsa(2048);
const foreign = rsa(2048);
const publicKeyFile = 'wrappingKey_1';

const facts: Facts = {
  connection: connectionOf('arn:aws:iam::000000000000:user/alice'),
  key: { keyId: '8f3c2a10-5f0e-4b51-9a43-1c7d6e2b90aa', keyArn: '', alias: '', createdAt: '', policy: '' },
  imported: foreverImported,
  check: {
    file: '/home/me/my.key.age',
    by: 'passphrase',
    sha256: '',
    recorded: true,
    keyState: 'Enabled',
    validTo: null,
    materialDescription: null,
  },
  wrapping: {
    algorithm: 'RSAES_OAEP_SHA_256',
    keySpec: 'RSA_2048',
    publicKeyFile,
    tokenFile: 'importToken_1',
    publicKeySha256: sha256Of(sent),
    validTo: '2026-11-25T12:00:00Z',
  },
};

const untouched = () => assert.fail('the secret key was touched');

/** No key is in memory, and nobody may look for one. */
class NoSecrets extends HeldSecrets {
  override get key(): never {
    return untouched();
  }
}

/** A run whose wrapping key has come from KMS, as the file says. */
async function begun(t: TestContext, given: Given = {}): Promise<Made> {
  const made = await makeServices(t, { ...given, parts: { secrets: new NoSecrets(), ...given.parts } });
  const { folder, journal } = made.services;
  folder.make();
  journal.append({ kind: 'begun', ceremony: 'first-import', id: 'e7', version: '0.0.0' });
  journal.append({ kind: 'done', step: 'wrapping-key', facts: {} });
  writeFileSync(folder.file(publicKeyFile), sent);
  return made;
}

const problemIn = (step: KeyferryStep, answers: Answers, services: Services) =>
  problemOf(step.act(bareContext({ facts, answers, services })));

const helpOf = (services: Services) => wrap.questions({ facts, answers: {}, services })[0]?.help ?? '';

suite('the step that wraps', () => {
  test("shows the SHA-256 of the file itself, and KMS's own beside it where they differ", async (t) => {
    const { services } = await begun(t);
    const { folder } = services;
    assert.ok(helpOf(services).includes(`The SHA-256 of its file is\n${sha256Of(sent)}`));
    writeFileSync(folder.file(publicKeyFile), foreign);
    assert.equal(
      helpOf(services),
      [
        'wrappingKey_1 is no longer the wrapping key that KMS sent. Nothing is wrapped under it.',
        'The SHA-256 of the file is',
        sha256Of(foreign),
        'KMS sent',
        sha256Of(sent),
      ].join('\n'),
    );
    rmSync(folder.file(publicKeyFile));
    assert.match(
      helpOf(services),
      /^The wrapping key wrappingKey_1 can't be read\. Nothing is wrapped under it\.\nKMS sent\n/,
    );
  });

  for (const [by, answers] of [
    ['Keyferry', { by: 'keyferry' }],
    ['the person', { by: 'me', file: 'mine.bin' }],
  ] as const) {
    test(`takes no swapped key where ${by} wraps, and offers a fresh pair`, async (t) => {
      const { services } = await begun(t);
      const { folder } = services;
      const before = readdirSync(folder.path);
      writeFileSync(folder.file(publicKeyFile), foreign);
      writeFileSync(folder.file('mine.bin'), Buffer.alloc(256, 1));
      const { why = '', state = '', remedies, renewal } = await problemIn(wrap, answers, services);
      assert.ok(why.includes(`Its SHA-256 is ${sha256Of(foreign)}. KMS sent ${sha256Of(sent)}.`));
      assert.match(state, /^Nothing was (wrapped or )?sent\./);
      assert.deepEqual(
        remedies?.map(({ action, label }) => [action, label]),
        [['reopen', 'Fetch a new wrapping key and token']],
      );
      assert.equal(renewal?.step, 'wrapping-key');
      assert.equal(renewal?.isOffered, true);
      assert.deepEqual(readdirSync(folder.path).sort(), [...before, 'mine.bin'].sort());
    });
  }

  test('asks for the wrapped file without judging it while the key is swapped, and says that it is not taken', async (t) => {
    const { services } = await begun(t);
    const { folder } = services;
    writeFileSync(folder.file(publicKeyFile), Buffer.from('no key at all'));
    const asked = wrap.questions({ facts, answers: { by: 'me' }, services }).at(-1);
    assert.ok(asked?.kind === 'file');
    assert.equal(asked.check?.('mine.bin'), undefined);
    assert.match(
      asked.help ?? '',
      /no longer the wrapping key that KMS sent\. Nothing that was wrapped under it is taken/,
    );
  });
});

for (const [step, answers] of [
  [wrappingKey, { wrapping: 'RSAES_OAEP_SHA_256 RSA_4096' }],
  [reImport, { proceed: 'import' }],
] as const) {
  suite(`the step ${step.id}`, () => {
    for (const [name, PublicKey, came] of [
      ['a key of another size', rsa(2048), 'an RSA key of 2048 bits'],
      ['an empty key', new Uint8Array(), 'an empty one'],
      ['no key', undefined, 'nothing that can be read'],
      ['garbage', new Uint8Array(550), '550 bytes that are not a public key in DER form'],
    ] as const) {
      test(`refuses ${name}: nothing is wrapped, written or sent, and a fresh pair is offered`, async (t) => {
        const practice = await practise(t);
        const proxy = await proxyBefore(t, practice);
        const parameters = {
          PublicKey: PublicKey === undefined ? undefined : Buffer.from(PublicKey).toString('base64'),
          ImportToken: Buffer.of(1).toString('base64'),
          ParametersValidTo: Date.now() / 1000,
        };
        const calls: string[] = [];
        proxy.decide((call) => {
          calls.push(call);
          return { status: 200, body: JSON.stringify(parameters) };
        });
        const secrets = new HeldSecrets();
        const secret = SecretBytes.generate();
        secret.use = untouched;
        secrets.holdKey(secret);
        const { services } = await begun(t, { practice, endpoint: proxy.endpoint, parts: { secrets } });
        await services.session.connect('practice', 'us-east-1');
        const before = readdirSync(services.folder.path);
        const { why, remedies, renewal } = await problemIn(step, answers, services);
        assert.equal(why, `KMS was asked for an RSA_4096 wrapping key, and sent ${came}.`);
        assert.deepEqual(remedies?.[0], { action: 'retry', label: 'Fetch a fresh pair' });
        assert.equal(renewal?.step, step.id);
        assert.deepEqual(calls, ['kms:GetParametersForImport']);
        assert.deepEqual(readdirSync(services.folder.path), before);
      });
    }
  });
}
