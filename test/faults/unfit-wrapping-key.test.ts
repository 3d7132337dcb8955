import assert from 'node:assert/strict';
import {
  constants,
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  publicEncrypt,
} from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { testKey } from '../../source/material/test-keys.ts';
import { runTo } from '../crash/cut-off.ts';
import { assertOneOfEach } from '../crash/one-of-each.ts';
import type { Changes } from '../e2e/answers.ts';
import { sampleOf } from '../seed.ts';
import { type Outside, outside } from './outside.ts';

/*
 * A wrapping key that is not fit for use, from an endpoint or on the disk: nothing is wrapped under it and nothing is sent.
 * KMS signs nothing, so that a key of the right form which an endpoint puts in the place of KMS's own is not found here.
 */

type Facts = {
  readonly wrapping: { publicKeyFile: string; tokenFile: string; publicKeySha256: string };
  readonly wrapped: { file: string; sha256: string; under: string };
};

const swapper = fileURLToPath(new URL('swap-wrapping-key.ts', import.meta.url));
const rsa4096 = { 'wrapping-key': { wrapping: 'RSAES_OAEP_SHA_256 RSA_4096' } };
const byMe = { wrap: { by: 'me', file: 'mine.bin' } };
const importCall = 'kms:ImportKeyMaterial';
const parametersCall = 'kms:GetParametersForImport';

const base64Of = (key: KeyObject) => key.export({ format: 'der', type: 'spki' }).toString('base64');
const rsa = (modulusLength: number) => base64Of(generateKeyPairSync('rsa', { modulusLength }).publicKey);
const withExponent = (e: string) => (sent: string) => {
  const { n = '' } = createPublicKey({ key: Buffer.from(sent, 'base64'), format: 'der', type: 'spki' }).export({
    format: 'jwk',
  });
  return base64Of(createPublicKey({ key: { kty: 'RSA', n, e }, format: 'jwk' }));
};
const published = base64Of(
  createPublicKey(createPrivateKey({ key: testKey('RSA_4096'), format: 'der', type: 'pkcs8' })),
);

/** What an endpoint sends in the place of the key that KMS sent, and what is said of it. */
const unfit: readonly (readonly [name: string, PublicKey: (sent: string) => unknown, came: string])[] = [
  ['RSA_1024', () => rsa(1024), 'an RSA key of 1024 bits'],
  ['RSA_2048 for RSA_4096', () => rsa(2048), 'an RSA key of 2048 bits'],
  ['the exponent 1', withExponent('AQ'), 'an RSA key of 4096 bits with the exponent 1'],
  ['the exponent 3', withExponent('Aw'), 'an RSA key of 4096 bits with the exponent 3'],
  [
    'an elliptic curve',
    () => base64Of(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey),
    'a key of the type ec',
  ],
  ['an empty one', () => '', 'an empty one'],
  ['none at all', () => undefined, 'nothing that can be read'],
  ['a number', () => 5, 'nothing that can be read'],
  ['text that is not base64', () => '%', 'nothing that can be read'],
  ['garbage', () => Buffer.alloc(550, 7).toString('base64'), '550 bytes that are not a public key in DER form'],
  ["one of Keyferry's published test keys", () => published, 'a published test key, under which nothing stays secret'],
];

/** The relay's log, and from now on the answer of KMS with its public key changed, as many times as is said. */
function relay({ decide }: Outside, change: (sent: string) => unknown, times = Number.POSITIVE_INFINITY): string[] {
  const log: string[] = [];
  let left = times;
  decide((call) => {
    log.push(call);
    if (call !== parametersCall || left === 0) return undefined;
    left -= 1;
    return {
      changeBody: (body) => {
        const answer = JSON.parse(body);
        return JSON.stringify({ ...answer, PublicKey: change(answer.PublicKey) });
      },
    };
  });
  return log;
}

const count = (log: readonly string[], call: string) => log.filter((one) => one === call).length;
const journalOf = ({ workdir }: Outside) => readFileSync(join(workdir, 'journal.jsonl'), 'utf8');
const linesOf = (ceremony: Outside) =>
  journalOf(ceremony)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

/** What the steps that are done have established. */
function factsIn(ceremony: Outside): Facts {
  return Object.assign({}, ...linesOf(ceremony).map(({ kind, facts }) => (kind === 'done' ? facts : {})));
}

async function stops(ceremony: Outside, says: RegExp, environment?: NodeJS.ProcessEnv): Promise<string> {
  const { status, stderr } = await ceremony.run(environment);
  assert.equal(status, 3, stderr);
  assert.match(stderr, says);
  assert.doesNotMatch(stderr, /unforeseen|\bat .*:\d+:\d+/i);
  return stderr;
}

async function finishes(ceremony: Outside): Promise<string> {
  const { status, stderr } = await ceremony.run();
  assert.equal(status, 0, stderr);
  await assertOneOfEach(ceremony.aws, ceremony.workdir);
  return stderr;
}

/** Runs the ceremony until it is killed with the wrapping key fetched and nothing wrapped. */
const killedBeforeWrap = (ceremony: Outside) => killedAt(ceremony, '^before write .*\\(answered wrap\\)');
/** The same with the secret wrapped and nothing sent. */
const killedBeforeImport = (ceremony: Outside) => killedAt(ceremony, '^before write .*\\(answered import\\)');

async function killedAt({ cut }: Outside, of: string): Promise<void> {
  const { signal, stderr } = await runTo({ ...cut, of }, { kill: 1 });
  assert.equal(signal, 'SIGKILL', stderr);
}

const sha256Of = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');

/** Writes the journal again with other facts in it, as another version would have written them. */
function changeFacts(ceremony: Outside, change: (facts: Partial<Facts>) => object): void {
  let prev = '';
  const lines = linesOf(ceremony).map((line) => {
    const facts = line.kind === 'done' ? { facts: change(line.facts) } : {};
    const text = JSON.stringify({ ...line, ...facts, prev: prev === '' ? line.prev : prev });
    prev = sha256Of(text);
    return `${text}\n`;
  });
  writeFileSync(join(ceremony.workdir, 'journal.jsonl'), lines.join(''));
}

/** Puts other bytes in the place of a file of the ceremony. */
function swap({ workdir }: Outside, name: string, bytes: Buffer): void {
  rmSync(join(workdir, name));
  writeFileSync(join(workdir, name), bytes, { mode: 0o600 });
}

/**
 * Puts a wrapping key of somebody's own, of the right form, in the place of the one that was fetched. It is the smaller
 * number, so that what is wrapped under it could be under either.
 */
function swapWrappingKey(ceremony: Outside, bits = 2048): string {
  const { publicKeyFile } = factsIn(ceremony).wrapping;
  const modulusOf = (key: Buffer) => key.subarray(-bits / 8 - 5, -5);
  const fetched = readFileSync(join(ceremony.workdir, publicKeyFile));
  let own = fetched;
  while (Buffer.compare(modulusOf(own), modulusOf(fetched)) >= 0) own = Buffer.from(rsa(bits), 'base64');
  swap(ceremony, publicKeyFile, own);
  return publicKeyFile;
}

/** Wraps the plain key as a person would with openssl, under the wrapping key that lies on the disk. */
function wrapByHand(ceremony: Outside): void {
  const file = join(ceremony.workdir, factsIn(ceremony).wrapping.publicKeyFile);
  const key = createPublicKey({ key: readFileSync(file), format: 'der', type: 'spki' });
  const material = readFileSync(join(ceremony.workdir, 'plain_text_aes_key.bin'));
  const wrapped = publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, material);
  writeFileSync(join(ceremony.cut.folder, 'mine.bin'), wrapped);
}

function keyTest(name: string, work: (ceremony: Outside) => Promise<void>, changes: Changes = {}) {
  test(name, { timeout: 600_000 }, async () => {
    const ceremony = await outside({ changes });
    await work(ceremony).finally(ceremony.close);
  });
}

describe('an endpoint that sends an unfit wrapping key', { concurrency: 2, timeout: 600_000 }, () => {
  for (const [name, change, came] of sampleOf(unfit, 6)) {
    keyTest(
      `for ever: ${name}`,
      async (ceremony) => {
        const log = relay(ceremony, change);
        const said = await stops(ceremony, /x Can't use the wrapping key that came\.\n/);
        const words = `KMS was asked for an RSA_4096 wrapping key, and sent ${came}`;
        assert.ok(said.includes(`\n+ ${words}: a fresh pair is fetched\n`), said);
        assert.ok(said.includes(`\n  ${words}.\n  Nothing was wrapped or sent.`), said);
        assert.equal(count(log, parametersCall), 2, 'once, and once more by itself');
        assert.equal(count(log, importCall), 0);
        assert.equal(
          linesOf(ceremony).filter(({ kind, step }) => kind === 'done' && step === 'wrapping-key').length,
          0,
        );
        const files = readdirSync(ceremony.workdir).filter((file) =>
          /^(wrappingKey_|importToken_|enc\.aes)/.test(file),
        );
        assert.deepEqual(files, []);
      },
      rsa4096,
    );
  }

  keyTest('once: the run fetches a fresh pair and finishes, and the journal tells of it', async (ceremony) => {
    const log = relay(ceremony, () => rsa(1024), 1);
    assert.match(
      await finishes(ceremony),
      /\+ KMS was asked for an RSA_2048 wrapping key, and sent an RSA key of 1024/,
    );
    assert.equal(count(log, parametersCall), 2);
    assert.equal(count(log, importCall), 1);
    const told = linesOf(ceremony).filter(({ kind, note = '' }) => kind === 'reopened' && note.includes('1024 bits'));
    assert.equal(told.length, 1);
  });

  keyTest('for ever, and then no more: the same command goes on', async (ceremony) => {
    relay(ceremony, () => '');
    await stops(ceremony, /sent an empty one/);
    ceremony.decide(() => undefined);
    await finishes(ceremony);
  });

  for (const [name, change, says] of [
    ['no import token', { ImportToken: undefined }, 'sent it without an import token'],
    ['an empty import token', { ImportToken: '' }, 'sent it without an import token'],
    ['no time of expiry', { ParametersValidTo: undefined }, 'sent it without its time of expiry'],
    ['a time of expiry that is none', { ParametersValidTo: 1e300 }, 'sent it without its time of expiry'],
  ] as const) {
    keyTest(`with ${name}`, async (ceremony) => {
      ceremony.decide((call) =>
        call === parametersCall
          ? { changeBody: (body) => JSON.stringify({ ...JSON.parse(body), ...change }) }
          : undefined,
      );
      await stops(ceremony, new RegExp(says));
    });
  }
});

describe('a wrapping key that was swapped on the disk', { concurrency: 2, timeout: 600_000 }, () => {
  keyTest('before Keyferry wraps: the run fetches a fresh pair once, and finishes', async (ceremony) => {
    await killedBeforeWrap(ceremony);
    const file = swapWrappingKey(ceremony);
    const before = factsIn(ceremony).wrapping;
    const log = relay(ceremony, (sent) => sent);
    const said = await finishes(ceremony);
    assert.ok(
      said.includes(
        `+ ${file} is no longer the wrapping key that KMS sent: a new pair is fetched, and the secret is wrapped again`,
      ),
      said,
    );
    assert.equal(count(log, parametersCall), 1);
    assert.equal(count(log, importCall), 1);
    const { wrapping, wrapped } = factsIn(ceremony);
    assert.notEqual(wrapping.publicKeyFile, before.publicKeyFile);
    assert.equal(wrapped.under, wrapping.publicKeySha256);
  });

  keyTest('for nothing, as it was deleted: the run fetches a fresh pair and finishes', async (ceremony) => {
    await killedBeforeWrap(ceremony);
    rmSync(join(ceremony.workdir, factsIn(ceremony).wrapping.publicKeyFile));
    assert.match(await finishes(ceremony), /can't be read: a new pair is fetched/);
  });

  keyTest('each time anew: after one fresh pair it stops, and nothing was wrapped or sent', async (ceremony) => {
    await killedBeforeWrap(ceremony);
    const file = swapWrappingKey(ceremony);
    const log = relay(ceremony, (sent) => sent);
    const environment = { NODE_OPTIONS: `--import=${swapper}`, SWAP_FOR: join(ceremony.workdir, file) };
    const said = await stops(ceremony, /x Can't wrap under this wrapping key\./, environment);
    assert.match(said, /Its SHA-256 is [0-9a-f]{64}\. KMS sent [0-9a-f]{64}\.\n {2}Nothing was wrapped or sent\./);
    assert.ok(!existsSync(join(ceremony.workdir, 'enc.aes.key')));
    assert.equal(count(log, parametersCall), 1);
    assert.equal(count(log, importCall), 0);
  });

  keyTest(
    'before a person wraps: what they wrapped is never sent, and a fresh pair is fetched once',
    async (ceremony) => {
      await stops(ceremony, /Can't go on with Wrap/);
      swapWrappingKey(ceremony);
      wrapByHand(ceremony);
      const log = relay(ceremony, (sent) => sent);
      await stops(
        ceremony,
        /no longer the wrapping key that KMS sent: a new pair is fetched, under which you wrap your secret again[\s\S]*x Can't take this wrapped file again\.\n.*was there before this wrapping key was fetched[\s\S]*> Wrap your secret again, with w\/wrappingKey_/,
      );
      // The same file is not taken in another run either.
      await stops(ceremony, /x Can't take this wrapped file again\./);
      assert.equal(count(log, parametersCall), 1);
      assert.equal(count(log, importCall), 0);
      wrapByHand(ceremony);
      await finishes(ceremony);
      // The import, and the comparison of what the person wrapped with the secret of the ceremony.
      assert.equal(count(log, importCall), 2);
    },
    byMe,
  );

  keyTest(
    'after the wrapping: what is sent was wrapped under the right one, and the swap is told',
    async (ceremony) => {
      await killedBeforeImport(ceremony);
      const file = swapWrappingKey(ceremony);
      const log = relay(ceremony, (sent) => sent);
      const said = await finishes(ceremony);
      assert.ok(
        said.includes(`  ${file} is no longer the wrapping key that KMS sent, what is sent was wrapped before\n`),
        said,
      );
      assert.equal(count(log, parametersCall), 0);
      assert.equal(count(log, importCall), 1);
    },
  );
});

describe('a file that was changed between wrapping and import', { concurrency: 2, timeout: 600_000 }, () => {
  keyTest('the wrapped key: it is not sent, and the run wraps again', async (ceremony) => {
    await killedBeforeImport(ceremony);
    const before = factsIn(ceremony).wrapped;
    swap(ceremony, 'enc.aes.key', Buffer.alloc(256, 1));
    const log = relay(ceremony, (sent) => sent);
    assert.match(
      await finishes(ceremony),
      /enc\.aes\.key was changed after it was wrapped: the secret is wrapped again/,
    );
    assert.equal(count(log, parametersCall), 0);
    assert.equal(count(log, importCall), 1);
    assert.notEqual(factsIn(ceremony).wrapped.sha256, before.sha256);
    assert.ok(existsSync(join(ceremony.workdir, 'enc.aes.key.1')), 'what somebody put there is kept');
  });

  keyTest('the wrapped key, which is gone: the run wraps again', async (ceremony) => {
    await killedBeforeImport(ceremony);
    rmSync(join(ceremony.workdir, 'enc.aes.key'));
    assert.match(await finishes(ceremony), /enc\.aes\.key can't be read: the secret is wrapped again/);
  });

  keyTest(
    'a key that a person wrapped: it is looked at again before it is sent',
    async (ceremony) => {
      await stops(ceremony, /Can't go on with Wrap/);
      wrapByHand(ceremony);
      await killedBeforeImport(ceremony);
      writeFileSync(join(ceremony.cut.folder, 'mine.bin'), Buffer.alloc(512, 1));
      const log = relay(ceremony, (sent) => sent);
      await stops(
        ceremony,
        /mine\.bin was changed after it was wrapped: it is looked at again[\s\S]*wrapped under an RSA_4096 key/,
      );
      assert.equal(count(log, importCall), 0);
      wrapByHand(ceremony);
      await finishes(ceremony);
    },
    byMe,
  );

  for (const [name, change] of [
    ['changed', (path: string) => writeFileSync(path, Buffer.alloc(600, 1))],
    ['deleted', (path: string) => rmSync(path)],
  ] as const) {
    keyTest(`the import token, ${name}: it is not sent, and the run fetches a fresh pair`, async (ceremony) => {
      await killedBeforeImport(ceremony);
      change(join(ceremony.workdir, factsIn(ceremony).wrapping.tokenFile));
      const log = relay(ceremony, (sent) => sent);
      assert.match(await finishes(ceremony), /The token importToken_\S+ .*: a new pair is fetched/);
      assert.equal(count(log, parametersCall), 1);
      assert.equal(count(log, importCall), 1);
    });
  }

  for (const [name, under] of [
    ['another wrapping key', 'f'.repeat(64)],
    ['no wrapping key, as an earlier version left it', undefined],
  ] as const) {
    keyTest(`a wrapped key that names ${name}: it is not sent, and the run wraps again`, async (ceremony) => {
      await killedBeforeImport(ceremony);
      const sha256 = factsIn(ceremony).wrapped.sha256;
      changeFacts(ceremony, ({ wrapped, ...rest }) => ({
        ...rest,
        ...(wrapped && { wrapped: { ...wrapped, under } }),
      }));
      const log = relay(ceremony, (sent) => sent);
      assert.match(
        await finishes(ceremony),
        /enc\.aes\.key was not wrapped under the wrapping key of this token: the secret is wrapped again/,
      );
      assert.equal(count(log, importCall), 1);
      assert.notEqual(factsIn(ceremony).wrapped.sha256, sha256);
    });
  }

  keyTest(
    'a wrapping key that an earlier version took although it is unfit: a fresh pair is fetched',
    async (ceremony) => {
      await killedBeforeImport(ceremony);
      const file = swapWrappingKey(ceremony, 1024);
      const sha256 = sha256Of(readFileSync(join(ceremony.workdir, file)));
      changeFacts(ceremony, ({ wrapping, wrapped, ...rest }) => ({
        ...rest,
        ...(wrapping && { wrapping: { ...wrapping, publicKeySha256: sha256 } }),
        ...(wrapped && { wrapped: { ...wrapped, under: sha256 } }),
      }));
      const log = relay(ceremony, (sent) => sent);
      assert.match(await finishes(ceremony), /sent an RSA key of 1024 bits: a new pair is fetched/);
      assert.equal(count(log, parametersCall), 1);
      assert.equal(count(log, importCall), 1);
    },
  );
});
