import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Decrypter, Encrypter, generateIdentity, identityToRecipient } from 'age-encryption';
import {
  type AgeLock,
  type AgeOpener,
  findBackupKind,
  isAgeRecipient,
  openBackup,
  sealBackup,
  standardWorkFactor,
} from '../../source/material/backup.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import { key } from './samples.ts';

const passphrase = Buffer.from('winter lamp orbit saddle');

/** A backup under the passphrase whose header then asks for another scrypt work factor. */
async function asksFor(workFactor: number): Promise<Buffer> {
  using secret = SecretBytes.generate();
  const sealed = await sealBackup(secret, { by: 'passphrase', passphrase, workFactor: 2 });
  const text = sealed.toString('latin1').replace(/^(-> scrypt \S+) 2$/m, `$1 ${workFactor}`);
  return Buffer.from(text, 'latin1');
}

test('a backup that asks for more than 1 GiB to stretch its passphrase is called damaged, without trying', async () => {
  const opened = await openBackup(await asksFor(21), { by: 'passphrase', passphrase });
  // Had it been tried, for seconds and in 2 GiB, its answer would be that the passphrase is wrong.
  assert.equal('trouble' in opened ? opened.trouble : 'opened', 'damaged');
});

test('a passphrase is stretched as long as the age command does', () => {
  // Its default: log2(N) of scrypt. One guess takes a second.
  assert.equal(standardWorkFactor, 18);
});

test('a backup that asks for less is tried', async () => {
  for (const workFactor of [1, 3]) {
    const opened = await openBackup(await asksFor(workFactor), { by: 'passphrase', passphrase });
    assert.equal('trouble' in opened ? opened.trouble : 'opened', 'wrong passphrase');
  }
});

test('a word in the middle of a line of the header does not make a passphrase open a backup', () => {
  const file = Buffer.from('age-encryption.org/v1\n-> X25519 -> scrypt\nAAAA\n--- AAAA\n');
  assert.deepEqual(findBackupKind(file), { kind: 'recipients' });
});

test('a backup for the recipients of other programs is one for recipients', () => {
  const file = Buffer.from('age-encryption.org/v1\n-> ssh-ed25519 AAAA\nAAAA\n--- AAAA\n');
  assert.deepEqual(findBackupKind(file), { kind: 'recipients' });
});

const identity = await generateIdentity();
const recipient = await identityToRecipient(identity);
const other = await generateIdentity();

/** Each way to lock a backup, what opens it, and what does not. */
const ways: readonly { lock: AgeLock; opener: AgeOpener; wrong: AgeOpener; kind: string; trouble: string }[] = [
  {
    lock: { by: 'passphrase', passphrase, workFactor: 2 },
    opener: { by: 'passphrase', passphrase },
    wrong: { by: 'passphrase', passphrase: Buffer.from('winter lamp orbit saddles') },
    kind: 'passphrase',
    trouble: 'wrong passphrase',
  },
  {
    lock: { by: 'recipients', recipients: [await identityToRecipient(other), recipient] },
    opener: { by: 'identities', identities: [identity] },
    wrong: { by: 'identities', identities: [await generateIdentity()] },
    kind: 'recipients',
    trouble: 'wrong identity',
  },
];

const sampleKey = () => SecretBytes.takeFrom(Buffer.from(key));

/** What opening a file gives: a trouble, or the bytes in hex. */
async function openedTo(file: Buffer, opener: AgeOpener): Promise<string> {
  const opened = await openBackup(file, opener);
  if ('trouble' in opened) return opened.trouble;
  using secret = opened;
  return secret.use((bytes) => bytes.toString('hex'));
}

for (const { lock, opener, wrong, kind, trouble } of ways) {
  test(`a backup for ${kind} opens to the key with what it is for, and with nothing else`, async () => {
    const file = await sealBackup(sampleKey(), lock);
    assert.deepEqual(findBackupKind(file), { kind });
    assert.equal(await openedTo(file, opener), key.toString('hex'));
    assert.equal(await openedTo(file, wrong), trouble);
    assert.equal(file.includes(key), false);
  });

  test(`a backup for ${kind} in which any byte was changed does not open`, async () => {
    const file = await sealBackup(sampleKey(), lock);
    const payload = file.length - 64;
    for (const at of [payload, payload + 15, payload + 16, payload + 30, payload + 47, payload + 48, file.length - 1]) {
      const changed = Buffer.from(file);
      changed[at] = (changed[at] ?? 0) ^ 1;
      assert.equal(await openedTo(changed, opener), 'damaged', `byte ${at} of ${file.length}`);
    }
  });

  test(`a backup for ${kind} that is cut off or longer does not open`, async () => {
    const file = await sealBackup(sampleKey(), lock);
    const header = file.length - 64;
    for (const length of [30, header - 1, header, header + 1, header + 31, header + 32, file.length - 1])
      assert.equal(await openedTo(file.subarray(0, length), opener), 'cut off', `${length} of ${file.length} bytes`);
    assert.equal(await openedTo(Buffer.concat([file, Buffer.alloc(1)]), opener), 'damaged');
  });

  test(`no two backups of one key for ${kind} are alike`, async () => {
    const files = await Promise.all([1, 2].map(() => sealBackup(sampleKey(), lock)));
    const [first, second] = files.map((file) => file.subarray(-64).toString('hex'));
    assert.notEqual(first?.slice(0, 32), second?.slice(0, 32), 'the nonce');
    assert.notEqual(first?.slice(32), second?.slice(32));
    const salts = files.map((file) => /-> scrypt (\S+)/.exec(file.toString('latin1'))?.[1]);
    assert.equal(new Set(salts).size, kind === 'passphrase' ? 2 : 1, 'the salt of the passphrase');
  });
}

for (const length of [0, 16, 31, 33, 64]) {
  test(`a backup of ${length} bytes opens, and is called no key`, async () => {
    const [way] = ways;
    assert.ok(way !== undefined);
    const file = await sealBackup(SecretBytes.generate(length), way.lock);
    const opened = await openBackup(file, way.opener);
    assert.equal(
      'trouble' in opened && opened.why,
      `It opens, but holds ${length} bytes. An AES-256 key is exactly 32.`,
    );
  });
}

test('what is no age file is told as that, whatever opens it', async () => {
  for (const text of ['', 'age-encryption.org/v2\n', 'hello', '\u0000\u0001']) {
    const kind = findBackupKind(Buffer.from(text));
    assert.equal('trouble' in kind && kind.trouble, 'not an age file', text);
    assert.equal(await openedTo(Buffer.from(text), { by: 'passphrase', passphrase }), 'not an age file');
  }
  const begun = findBackupKind(Buffer.from('age-encryption.org/v1\n-> X25519 abc'));
  assert.equal('trouble' in begun && begun.trouble, 'cut off');
});

test('an armoured backup opens like any other', async () => {
  for (const { lock, opener, kind } of ways) {
    const file = await sealBackup(sampleKey(), lock);
    const lines = file.toString('base64').replaceAll(/.{64}/g, '$&\n');
    const text = `-----BEGIN AGE ENCRYPTED FILE-----\n${lines}\n-----END AGE ENCRYPTED FILE-----\n`;
    assert.deepEqual(findBackupKind(Buffer.from(text)), { kind });
    assert.equal(await openedTo(Buffer.from(text), opener), key.toString('hex'));
    assert.equal(await openedTo(Buffer.from(text.replaceAll('\n', '\r\n')), opener), key.toString('hex'));
    // As much white space as age skips, and one more.
    const [most, end] = ['\n'.repeat(1024), text.length - 1];
    for (const spaced of [most + text, text.slice(0, end) + most])
      assert.equal(await openedTo(Buffer.from(spaced), opener), key.toString('hex'));
    for (const spaced of [`\n${most}${text}`, `${text}${most}`])
      assert.equal(await openedTo(Buffer.from(spaced), opener), 'damaged');
    assert.equal(await openedTo(Buffer.from(text.slice(0, -10)), opener), 'cut off');
    const halved = text.replace('-----END', '--END').slice(0, -20);
    assert.equal(await openedTo(Buffer.from(halved), opener), 'cut off');
  }
});

test('each recipient of a backup opens it, with any of the identities of a file', async () => {
  const recipients = [await identityToRecipient(other), recipient];
  const file = await sealBackup(sampleKey(), { by: 'recipients', recipients });
  const none = await generateIdentity();
  for (const identities of [[other], [identity], [none, identity], [identity, none]])
    assert.equal(await openedTo(file, { by: 'identities', identities }), key.toString('hex'));
});

test('a header for a passphrase that is not as age makes it is called damaged, without trying', async () => {
  const text = (await sealBackup(sampleKey(), { by: 'passphrase', passphrase, workFactor: 2 })).toString('latin1');
  const changed = {
    'no work factor': text.replace(/^(-> scrypt \S+) 2$/m, '$1 0'),
    'a word for the work factor': text.replace(/^(-> scrypt \S+) 2$/m, '$1 two'),
    'a short salt': text.replace(/^-> scrypt \S+ 2$/m, '-> scrypt AAAA 2'),
    'a second stanza': text.replace(/^--- /m, '-> other\nAAAA\n--- '),
  };
  for (const [name, file] of Object.entries(changed)) {
    assert.notEqual(file, text, name);
    assert.equal(await openedTo(Buffer.from(file, 'latin1'), { by: 'passphrase', passphrase }), 'damaged', name);
  }
});

test('a recipient with a letter wrong is none', async () => {
  assert.equal(await isAgeRecipient(recipient), true);
  const wrong = `${recipient.slice(0, -1)}${recipient.endsWith('q') ? 'p' : 'q'}`;
  for (const text of [wrong, recipient.slice(0, -1), '', 'age1', identity])
    assert.equal(await isAgeRecipient(text), false);
});

test('a payload that would need a second chunk is not read as one', async () => {
  const [way] = ways;
  assert.ok(way !== undefined);
  for (const [length, trouble] of [
    [64 * 1024, 'no key'],
    [64 * 1024 + 1, 'damaged'],
  ] as const)
    assert.equal(await openedTo(await sealBackup(SecretBytes.generate(length), way.lock), way.opener), trouble);
});

test('the age library opens what is sealed here, and what it made is opened here', async () => {
  for (const { lock, opener, kind } of ways) {
    const decrypter = new Decrypter();
    const encrypter = new Encrypter();
    if (lock.by === 'passphrase') {
      decrypter.addPassphrase(String(passphrase));
      encrypter.setPassphrase(String(passphrase));
      encrypter.setScryptWorkFactor(2);
    } else {
      decrypter.addIdentity(identity);
      encrypter.addRecipient(recipient);
    }
    assert.deepEqual(Buffer.from(await decrypter.decrypt(await sealBackup(sampleKey(), lock))), key, kind);
    assert.equal(await openedTo(Buffer.from(await encrypter.encrypt(key)), opener), key.toString('hex'), kind);
  }
});

test('what a changed backup was decrypted to, before its tag showed the change, is zero in memory', async (t) => {
  const file = await sealBackup(sampleKey(), { by: 'passphrase', passphrase, workFactor: 2 });
  const taken: SecretBytes[] = [];
  const { takeFrom } = SecretBytes;
  t.mock.method(SecretBytes, 'takeFrom', (bytes: Uint8Array) => {
    const secret = takeFrom(bytes);
    taken.push(secret);
    return secret;
  });
  file.writeUInt8(file.readUInt8(file.length - 1) ^ 1, file.length - 1);
  assert.equal(await openedTo(file, { by: 'passphrase', passphrase }), 'damaged');
  assert.deepEqual(
    taken.map(({ length }) => length),
    [16, 32],
    'the file key, and what was decrypted with it',
  );
  for (const secret of taken) assert.throws(() => secret.use(() => {}), /has been destroyed/);
});
