import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { beforeEach, suite, test } from 'node:test';
import { CeremonyFolder } from '../../source/ceremony/folder.ts';
import { type Problem, ProblemError } from '../../source/ceremony/problem.ts';
import type { Answers } from '../../source/ceremony/question.ts';
import { sha256Fingerprint } from '../../source/material/wrap.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { reImport } from '../../source/steps/re-import.ts';
import type { KeyferryStep, Services } from '../../source/steps/services.ts';
import { wrap } from '../../source/steps/wrap.ts';
import { wrappingKey } from '../../source/steps/wrapping-key.ts';
import { newFolder } from '../new-folder.ts';

/*
 * The steps themselves, as every interface calls them: what they refuse, what they offer, and that the key is not touched.
 */

const rsa = (modulusLength: number) =>
  generateKeyPairSync('rsa', { modulusLength }).publicKey.export({ format: 'der', type: 'spki' });
const sent = rsa(2048);
const foreign = rsa(2048);
const publicKeyFile = 'wrappingKey_1';

const key = { keyId: '8f3c2a10-5f0e-4b51-9a43-1c7d6e2b90aa', keyArn: '', alias: '', createdAt: '', policy: '' };
const imported = { keyMaterialId: 'a'.repeat(64) };
const check = { validTo: null, materialDescription: null };
const facts = {
  key,
  imported,
  check,
  wrapping: {
    algorithm: 'RSAES_OAEP_SHA_256',
    keySpec: 'RSA_2048',
    publicKeyFile,
    tokenFile: 'importToken_1',
    publicKeySha256: sha256Fingerprint(sent),
    validTo: '2026-11-25T12:00:00Z',
  },
} as unknown as Facts;

let folder = new CeremonyFolder('', false);
let calls: string[] = [];
/** What KMS answers to GetParametersForImport. */
let parameters: object = {};

const untouched = () => assert.fail('the secret key was touched');

function services({ held = false } = {}): Services {
  const secrets = {
    get key() {
      return held ? { use: untouched } : untouched();
    },
  };
  const kms = {
    send: async ({ constructor: { name } }: object) => {
      calls.push(name);
      return parameters;
    },
  };
  return {
    folder,
    secrets,
    session: { clients: { kms } },
    journal: { lines: [], state: { done: new Map([['wrapping-key', {}]]), answers: new Map() } },
    clock: () => new Date('2026-11-24T12:00:00Z'),
  } as unknown as Services;
}

async function problemOf(step: KeyferryStep, answers: Answers, given = services()): Promise<Problem> {
  const attempt = async () => assert.fail('nothing may be sent');
  const rest = { attempt, report: () => {}, pause: async () => {}, signal: new AbortController().signal };
  try {
    await step.act({ facts, answers, services: given, ...rest });
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
  return assert.fail('it was taken');
}

beforeEach(() => {
  folder = new CeremonyFolder(newFolder(), false);
  calls = [];
  writeFileSync(folder.file(publicKeyFile), sent);
});

const helpOf = () => wrap.questions({ facts, answers: {}, services: services() })[0]?.help ?? '';

suite('the step that wraps', () => {
  test("shows the SHA-256 of the file itself, and KMS's own beside it where they differ", () => {
    assert.ok(helpOf().includes(`The SHA-256 of its file is\n${sha256Fingerprint(sent)}`));
    writeFileSync(folder.file(publicKeyFile), foreign);
    assert.equal(
      helpOf(),
      [
        'wrappingKey_1 is no longer the wrapping key that KMS sent. Nothing is wrapped under it.',
        'The SHA-256 of the file is',
        sha256Fingerprint(foreign),
        'KMS sent',
        sha256Fingerprint(sent),
      ].join('\n'),
    );
    rmSync(folder.file(publicKeyFile));
    assert.match(helpOf(), /^The wrapping key wrappingKey_1 can't be read\. Nothing is wrapped under it\.\nKMS sent\n/);
  });

  for (const [by, answers] of [
    ['Keyferry', { by: 'keyferry' }],
    ['the person', { by: 'me', file: 'mine.bin' }],
  ] as const) {
    test(`takes no swapped key where ${by} wraps, and offers a fresh pair`, async () => {
      writeFileSync(folder.file(publicKeyFile), foreign);
      writeFileSync(folder.file('mine.bin'), Buffer.alloc(256, 1));
      const { why = '', state = '', remedies, renewal } = await problemOf(wrap, answers);
      assert.ok(why.includes(`Its SHA-256 is ${sha256Fingerprint(foreign)}. KMS sent ${sha256Fingerprint(sent)}.`));
      assert.match(state, /^Nothing was (wrapped or )?sent\./);
      assert.deepEqual(
        remedies?.map(({ action, label }) => [action, label]),
        [['reopen', 'Fetch a new wrapping key and token']],
      );
      assert.equal(renewal?.step, 'wrapping-key');
      assert.equal(renewal?.isOffered, true);
      assert.deepEqual(readdirSync(folder.path).sort(), ['mine.bin', publicKeyFile]);
    });
  }

  test('asks for the wrapped file without judging it while the key is swapped, and says that it is not taken', () => {
    writeFileSync(folder.file(publicKeyFile), Buffer.from('no key at all'));
    const asked = wrap.questions({ facts, answers: { by: 'me' }, services: services() }).at(-1);
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
      test(`refuses ${name}: nothing is wrapped, written or sent, and a fresh pair is offered`, async () => {
        parameters = { PublicKey, ImportToken: new Uint8Array([1]), ParametersValidTo: new Date() };
        const before = readdirSync(folder.path);
        const { why, remedies, renewal } = await problemOf(step, answers, services({ held: true }));
        assert.equal(why, `KMS was asked for an RSA_4096 wrapping key, and sent ${came}.`);
        assert.deepEqual(remedies?.[0], { action: 'retry', label: 'Fetch a fresh pair' });
        assert.equal(renewal?.step, step.id);
        assert.deepEqual(calls, ['GetParametersForImportCommand']);
        assert.deepEqual(readdirSync(folder.path), before);
      });
    }
  });
}
