import assert from 'node:assert/strict';
import { constants, createPublicKey, publicEncrypt, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import {
  CancelKeyDeletionCommand,
  GetParametersForImportCommand,
  KMSClient,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { assertOneOfEach } from '../crash/one-of-each.ts';
import { exampleWith, memoryAlone, ofEnvironment } from '../e2e/answers.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { backedUp } from '../secrets/finished-ceremony.ts';
import { type Outside, outside } from './outside.ts';

/*
 * What does not pass by itself: the right problem is shown, nothing is lost, and the same command goes on once the cause
 * is gone.
 */

type Facts = { readonly wrapping: { publicKeyFile: string; validTo: string }; readonly key: { keyId: string } };

/** What the done steps of a ceremony have established. */
function factsIn({ workdir }: Outside): Facts {
  const lines = readFileSync(join(workdir, 'journal.jsonl'), 'utf8').trimEnd().split('\n');
  return Object.assign(
    {},
    ...lines.map((line) => JSON.parse(line)).map(({ kind, facts }) => (kind === 'done' ? facts : {})),
  );
}

async function finishes(ceremony: Outside, identity?: string): Promise<string> {
  const { status, stderr } = await ceremony.run();
  assert.equal(status, 0, stderr);
  await assertOneOfEach(ceremony.aws, ceremony.workdir, identity);
  return stderr;
}

/** Stops with progress saved, and says this. */
async function stops(ceremony: Outside, says: RegExp, environment?: NodeJS.ProcessEnv): Promise<void> {
  const { status, stderr } = await ceremony.run(environment);
  assert.equal(status, 3, stderr);
  assert.match(stderr, says);
}

const kmsOf = ({ aws }: Outside) =>
  new KMSClient({ endpoint: aws.endpoint, credentials: aws.credentials, region: 'us-east-1' });

async function pairOf(ceremony: Outside) {
  const { keyId } = factsIn(ceremony).key;
  const request = { KeyId: keyId, WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' } as const;
  return kmsOf(ceremony).send(new GetParametersForImportCommand(request));
}

/** Lets practice AWS's clock run until more than a day has gone by. */
async function aDayLater(ceremony: Outside): Promise<void> {
  const validTo = async () => (await pairOf(ceremony)).ParametersValidTo?.getTime() ?? 0;
  const later = (await validTo()) + 25 * 60 * 60 * 1000;
  ceremony.set({ clockSpeed: 1_000_000 });
  while ((await validTo()) < later);
  ceremony.set();
  await validTo();
}

/** Gives another wrapping key than the one that was fetched, from now on: practice AWS has the same ones again and again. */
async function giveAnotherPair(ceremony: Outside): Promise<void> {
  const before = readFileSync(join(ceremony.workdir, factsIn(ceremony).wrapping.publicKeyFile));
  let pair = await pairOf(ceremony);
  while (before.equals(pair.PublicKey ?? before)) pair = await pairOf(ceremony);
  const base64 = (bytes: Uint8Array = Buffer.alloc(0)) => Buffer.from(bytes).toString('base64');
  const body = JSON.stringify({
    KeyId: pair.KeyId,
    PublicKey: base64(pair.PublicKey),
    ImportToken: base64(pair.ImportToken),
    ParametersValidTo: (pair.ParametersValidTo?.getTime() ?? 0) / 1000,
  });
  ceremony.decide((call) => (call === 'kms:GetParametersForImport' ? { status: 200, body } : undefined));
}

/**
 * Wraps the plain key as a person would with openssl, under the wrapping key that the ceremony has now. The result is below
 * any modulus of its length, whose first bit is set: only KMS, or who remembers it, can tell that it is under another one.
 */
function wrapByHand(ceremony: Outside): void {
  const file = join(ceremony.workdir, factsIn(ceremony).wrapping.publicKeyFile);
  const key = createPublicKey({ key: readFileSync(file), format: 'der', type: 'spki' });
  const material = readFileSync(join(ceremony.workdir, 'plain_text_aes_key.bin'));
  const wrap = () => publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, material);
  let wrapped = wrap();
  while ((wrapped[0] ?? 0) >= 0x80) wrapped = wrap();
  writeFileSync(join(ceremony.cut.folder, 'mine.bin'), wrapped);
}

const byMe = { changes: { wrap: { by: 'me', file: 'mine.bin' } } };
const beforeImport = 'TrentService.ImportKeyMaterial';

function causeTest(
  name: string,
  work: (ceremony: Outside) => Promise<void>,
  given: Parameters<typeof outside>[0] = {},
) {
  test(name, { timeout: 600_000 }, async () => {
    const ceremony = await outside(given);
    await work(ceremony).finally(ceremony.close);
  });
}

describe('a cause that stays until it is mended', { concurrency: 3, timeout: 600_000 }, () => {
  causeTest('credentials that AWS does not know', async (ceremony) => {
    await ceremony.killedBefore('TrentService.CreateKey');
    await stops(ceremony, /AWS does not know this access key/, { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE' });
    await finishes(ceremony);
  });

  causeTest('a session that ends in the middle', async (ceremony) => {
    const body = JSON.stringify({
      __type: 'ExpiredTokenException',
      message: 'The security token included in the request is expired',
    });
    ceremony.decide((call) => (call === 'kms:ImportKeyMaterial' ? { status: 400, body } : undefined));
    await stops(
      ceremony,
      /The session behind these credentials has ended[\s\S]*\[ExpiredTokenException\][\s\S]*still waits for its material/,
    );
    ceremony.decide(() => undefined);
    await finishes(ceremony);
  });

  causeTest('a key that waits to be deleted', async (ceremony) => {
    await ceremony.killedBefore(beforeImport);
    const KeyId = factsIn(ceremony).key.keyId;
    await kmsOf(ceremony).send(new ScheduleKeyDeletionCommand({ KeyId }));
    await stops(ceremony, /is pending deletion\. \[KMSInvalidStateException\]/);
    await kmsOf(ceremony).send(new CancelKeyDeletionCommand({ KeyId }));
    await finishes(ceremony);
  });

  causeTest(
    'material that was wrapped wrong',
    async (ceremony) => {
      await stops(ceremony, /Can't go on with Wrap/);
      // Below any modulus of this length, too.
      writeFileSync(join(ceremony.cut.folder, 'mine.bin'), randomBytes(256).fill(0, 0, 1));
      await stops(ceremony, /the hash is most likely not[\s\S]*\[InvalidCiphertextException\]/);
      wrapByHand(ceremony);
      await finishes(ceremony);
    },
    byMe,
  );

  causeTest('an import token that KMS says is used up: a new pair is fetched unasked', async (ceremony) => {
    await ceremony.killedBefore(beforeImport);
    await aDayLater(ceremony);
    const said = await finishes(ceremony);
    assert.match(
      said,
      /The import token cannot be used any more: a new pair is fetched, and the secret is wrapped again/,
    );
    assert.ok(ceremony.calls().some(({ error }) => error === 'ExpiredImportTokenException'));
    assert.match(
      readFileSync(join(ceremony.workdir, 'journal.jsonl'), 'utf8'),
      /"kind":"reopened","step":"wrapping-key","note":"The import token cannot be used any more/,
    );
  });

  causeTest(
    'a token that is used up while the key is in its backup alone: it is opened, and the key wrapped again',
    async (ceremony) => {
      const { recipient, identityFile, identity } = ageIdentity(ceremony.cut.folder);
      const answers = exampleWith(ofEnvironment, memoryAlone, backedUp(recipient, identityFile));
      writeFileSync(join(ceremony.cut.folder, 'answers.yaml'), answers);
      await ceremony.killedBefore(beforeImport);
      await aDayLater(ceremony);
      assert.match(await finishes(ceremony, identity), /a new pair is fetched, and the secret is wrapped again/);
    },
  );

  causeTest('a token that KMS does not take although it gave it: a new pair is fetched unasked', async (ceremony) => {
    let times = 0;
    const body = JSON.stringify({ __type: 'InvalidImportTokenException' });
    ceremony.decide((call) => {
      if (call !== 'kms:ImportKeyMaterial') return undefined;
      times += 1;
      return times === 1 ? { status: 400, body } : undefined;
    });
    assert.match(await finishes(ceremony), /a new pair is fetched/);
    assert.equal(times, 2);
  });

  causeTest(
    'a token that runs out while you wrap by hand: you are told to wrap again',
    async (ceremony) => {
      await stops(ceremony, /Can't go on with Wrap/);
      wrapByHand(ceremony);
      await ceremony.killedBefore(beforeImport);
      await aDayLater(ceremony);
      await giveAnotherPair(ceremony);
      await stops(ceremony, /Can't take this wrapped file again[\s\S]*Wrap your secret again, with w\/wrappingKey_/);
      wrapByHand(ceremony);
      await finishes(ceremony);
    },
    { ...byMe, newPairAfter: 0 },
  );

  causeTest('a key that someone has disabled after the import', async (ceremony) => {
    await ceremony.killedBefore('TrentService.GenerateDataKey');
    const body = JSON.stringify({ __type: 'DisabledException', message: 'arn is disabled.' });
    ceremony.decide((call) => (call === 'kms:GenerateDataKey' ? { status: 400, body } : undefined));
    await stops(ceremony, /Can't prove the key[\s\S]*\[DisabledException\]/);
    ceremony.decide(() => undefined);
    await finishes(ceremony);
  });

  causeTest('a network that goes away in the middle of making the key', async (ceremony) => {
    let gone = false;
    ceremony.decide((call) => {
      gone ||= call === 'kms:CreateKey';
      return gone ? 'cut' : undefined;
    });
    await stops(
      ceremony,
      /the connection was cut[\s\S]*Whether a key was made is not known\. Trying again looks for it first\./,
    );
    ceremony.decide(() => undefined);
    await finishes(ceremony);
  });

  causeTest('a wait that AWS asks for is shown, and kept', async (ceremony) => {
    let times = 0;
    let asked = 0;
    let kept = 0;
    const body = JSON.stringify({ __type: 'ThrottlingException', message: 'Rate exceeded' });
    ceremony.decide((call) => {
      if (call !== 'kms:CreateAlias') return undefined;
      times += 1;
      kept = performance.now() - asked;
      asked = performance.now();
      return times === 1 ? { status: 400, headers: { 'retry-after': '4' }, body } : undefined;
    });
    assert.match(await finishes(ceremony), /KMS asks to wait, try 2 in 4 s/);
    assert.ok(kept > 3900, `${kept} ms`);
  });

  // This machine's clock counts here: practice AWS's is behind, so that its tokens seem to run out in five minutes.
  let lag = (24 * 60 - 5) * 60_000;
  causeTest(
    'a token that is about to run out: a new pair is fetched unasked, once',
    async (ceremony) => {
      await stops(ceremony, /a new pair is fetched[\s\S]*Can't import with this token any more[\s\S]*are valid until/);
      lag = 0;
      assert.match(await finishes(ceremony), /a new pair is fetched/);
      assert.equal(ceremony.calls().filter(({ operation }) => operation === 'kms:ImportKeyMaterial').length, 1);
    },
    { now: () => new Date(Date.now() - lag) },
  );
});
