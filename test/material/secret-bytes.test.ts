import assert from 'node:assert/strict';
import { Console } from 'node:console';
import { suite, test } from 'node:test';
import { inspect } from 'node:util';
import { serialize } from 'node:v8';
import { withScratch } from '../../source/material/scratch-buffers.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import { textStream } from '../text-stream.ts';

const redacted = '[secret, 32 bytes]';
const marker = 'never-show-these-bytes-anywhere!';

function markedSecret(): SecretBytes {
  return SecretBytes.takeFrom(Buffer.from(marker));
}

function borrowed(secret: SecretBytes): Buffer {
  return secret.use((bytes) => bytes);
}

suite('SecretBytes', () => {
  test('generates as many bytes as asked, 32 by default, and never the same', () => {
    using one = SecretBytes.generate();
    using two = SecretBytes.generate();
    using short = SecretBytes.generate(16);
    assert.equal(one.length, 32);
    assert.equal(short.length, 16);
    assert.equal(one.equals(two), false);
    assert.equal(one.equals(short), false);
  });

  test('takes bytes over and zeroes where they came from', () => {
    const source = Buffer.from(marker);
    using secret = SecretBytes.takeFrom(source);
    using same = markedSecret();
    assert.ok(source.every((byte) => byte === 0));
    assert.ok(secret.equals(same));
  });

  test('takes over nothing but the bytes of a view', () => {
    const whole = Buffer.from(`before ${marker} behind`);
    using secret = SecretBytes.takeFrom(whole.subarray(7, 39));
    using same = markedSecret();
    assert.ok(secret.equals(same));
    assert.equal(whole.toString('latin1').replaceAll('\0', ''), 'before  behind');
  });

  test('keeps its bytes in memory of their own', () => {
    using secret = SecretBytes.generate();
    assert.equal(borrowed(secret).buffer.byteLength, 32);
  });

  test('zeroes its bytes when destroyed, as often as it is told', () => {
    const secret = markedSecret();
    const bytes = borrowed(secret);
    secret.destroy();
    secret.destroy();
    assert.ok(bytes.every((byte) => byte === 0));
    assert.equal(secret.length, 32);
  });

  test('zeroes its bytes at the end of a using block, even when that throws', () => {
    let bytes: Buffer | undefined;
    assert.throws(() => {
      using secret = markedSecret();
      bytes = borrowed(secret);
      throw new Error('stop');
    }, /stop/);
    assert.ok(bytes?.every((byte) => byte === 0));
  });

  test('lends nothing after it is destroyed', () => {
    const secret = markedSecret();
    secret.destroy();
    assert.throws(() => secret.use((bytes) => bytes), /has been destroyed/);
    assert.throws(() => secret.equals(secret), /has been destroyed/);
  });

  test('gives what the borrower gives, also as a promise', async () => {
    using secret = markedSecret();
    assert.equal(
      secret.use((bytes) => bytes.length),
      32,
    );
    assert.equal(await secret.use(async (bytes) => bytes[0]), marker.charCodeAt(0));
  });

  test('shows its length and nothing else, however it is printed', () => {
    using secret = markedSecret();
    let printed = '';
    const stream = textStream((text) => {
      printed += text;
    });
    new Console({ stdout: stream }).log(secret, { secret }, '%s %o %j', secret, secret, secret);
    const shown = [
      printed,
      `${secret}`,
      String(secret),
      JSON.stringify({ secret }),
      inspect(secret),
      inspect({ deep: [secret] }, { depth: null, showHidden: true }),
      inspect(new Error('failed', { cause: secret })),
    ];
    for (const text of shown) assert.ok(text.includes(redacted), text);
    shown.push(inspect(secret, { customInspect: false, showHidden: true, depth: null }), Object.entries(secret).join());
    const bytes = Buffer.from(marker);
    for (const text of shown) {
      for (const spelling of [
        marker,
        bytes.toString('hex'),
        bytes.toString('base64'),
        [...bytes].join(),
        'never',
        '6e 65 76',
      ])
        assert.ok(!text.includes(spelling), text);
    }
  });

  test('leaves nothing in a clone or a serialisation', () => {
    using secret = markedSecret();
    assert.deepEqual(Object.keys(structuredClone(secret)), []);
    assert.equal(JSON.stringify(structuredClone(secret)), '{}');
    assert.ok(!serialize(secret).includes('never'));
    assert.deepEqual(Reflect.ownKeys(secret), []);
  });
});

test('scratch buffers are all zeroed at the end of their block', () => {
  const buffers: Buffer[] = [];
  const act = () =>
    withScratch((scratch) => {
      buffers.push(scratch.allocate(8).fill(1), scratch.allocate(100).fill(2));
      assert.deepEqual(
        buffers.map((buffer) => buffer.buffer.byteLength),
        [8, 100],
      );
      throw new Error('half-way');
    });
  assert.throws(act, /half-way/);
  assert.ok(buffers.every((buffer) => buffer.every((byte) => byte === 0)));
});

test('secrets are the same only where every byte is', () => {
  const bytes = () => Buffer.alloc(32, 7);
  using secret = SecretBytes.takeFrom(bytes());
  using same = SecretBytes.takeFrom(bytes());
  assert.equal(secret.equals(same), true);
  for (let at = 0; at < 32; at += 1) {
    const changed = bytes();
    changed[at] = 8;
    using other = SecretBytes.takeFrom(changed);
    assert.equal(secret.equals(other), false, `byte ${at}`);
  }
});
