import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { answersFile, exampleWith } from '../e2e/answers.ts';
import { keyferry } from '../e2e/program.ts';
import { newFolder } from '../new-folder.ts';

/* A key that was made in a PKCS#11 token, and leaves it only wrapped under the key of KMS. */

/** The path of SoftHSM2's module, below the folder where its command is; `undefined` without SoftHSM2. */
function findModule(): string | undefined {
  const paths = (process.env.PATH ?? '').split(delimiter);
  const bin = paths.find((folder) => existsSync(join(folder, 'softhsm2-util')));
  if (bin === undefined) return undefined;
  const lib = join(dirname(bin), 'lib');
  const folders = existsSync(lib) ? [lib, ...readdirSync(lib).map((name) => join(lib, name))] : [];
  return folders
    .flatMap((folder) => [join(folder, 'softhsm'), join(folder, 'pkcs11'), folder])
    .map((folder) => join(folder, 'libsofthsm2.so'))
    .find((path) => existsSync(path));
}

const module = findModule();
const noCompiler = spawnSync('cc', ['--version']).status === 0 ? false : 'no cc';
const skip = module === undefined ? 'no softhsm2' : noCompiler;
const pin = '1234';

/** Makes a token, and compiles the program that makes and wraps a key in it. @returns a function that runs this program. */
function makeToken(folder: string, modulePath: string) {
  const tokens = join(folder, 'tokens');
  const config = join(folder, 'softhsm2.conf');
  mkdirSync(tokens);
  writeFileSync(config, `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`);
  const run = (program: string, ...words: readonly string[]) =>
    execFileSync(program, words, { env: { ...process.env, SOFTHSM2_CONF: config }, encoding: 'utf8' });
  const source = fileURLToPath(new URL('softhsm.c', import.meta.url));
  const program = join(folder, 'softhsm');
  run('cc', '-std=c11', '-o', program, source, '-ldl');
  const init = ['--init-token', '--free', '--label', 'keyferry', '--so-pin', pin, '--pin', pin];
  run('softhsm2-util', '--module', modulePath, ...init);
  return (...words: readonly string[]) => run(program, modulePath, pin, ...words).trim();
}

/** The numbers of the wrapping key, hex, as a token takes them. */
function numbersOf(publicKeyFile: string): readonly [modulus: string, exponent: string] {
  const key = createPublicKey({ key: readFileSync(publicKeyFile), format: 'der', type: 'spki' });
  const { n = '', e = '' } = key.export({ format: 'jwk' });
  return [Buffer.from(n, 'base64url').toString('hex'), Buffer.from(e, 'base64url').toString('hex')];
}

test('a key that was made and wrapped in a token is imported, and the record states only what is known of it', {
  skip,
}, async () => {
  const folder = newFolder();
  const token = makeToken(folder, module ?? '');
  const checkValue = token('make');
  const elsewhere = { origin: 'elsewhere', keeper: 'SoftHSM', keep: undefined, 'check-value': checkValue };
  const answers = answersFile(
    folder,
    exampleWith({
      'secret-key': { ...elsewhere, 'check-value-method': 'zero-block' },
      backup: { how: undefined, 'confirm-none': undefined },
      'wrapping-key': { wrapping: 'RSAES_OAEP_SHA_1 RSA_2048' },
      wrap: { by: 'me', file: 'enc.aes.key' },
      finish: { 'plain-key': undefined },
    }),
  );
  const words = ['run', answers, '--practice', '--workdir', 'w', '--json'];
  const first = await keyferry(words, folder);
  assert.equal(first.status, 3, first.stderr);
  assert.match(first.stderr, /wrap\.file\b.*There is no such file/);
  assert.match(first.stderr, /C_WrapKey: CKM_RSA_PKCS_OAEP with CKM_SHA_1, CKG_MGF1_SHA1/);

  const w = join(folder, 'w');
  const publicKeyFile = readdirSync(w).find((name) => name.startsWith('wrappingKey_')) ?? '';
  token('wrap', ...numbersOf(join(w, publicKeyFile)), join(w, 'enc.aes.key'));
  const second = await keyferry(words, folder);
  assert.equal(second.status, 0, second.stderr);
  const result = JSON.parse(second.stdout);
  assert.equal(result.keyState, 'Enabled');
  assert.deepEqual([result.secretInKms, result.checkValue, result.copies], ['not shown', null, []]);
  const { secret, backup } = JSON.parse(readFileSync(join(w, 'record.json'), 'utf8'));
  assert.deepEqual(secret, {
    origin: 'elsewhere',
    keeper: 'SoftHSM',
    statedCheckValue: { method: 'zero block', value: checkValue },
    checked: false,
    inKms: 'not shown',
  });
  assert.equal(backup, undefined);
  const page = readFileSync(join(w, 'record.md'), 'utf8');
  assert.ok(page.includes(`Key check value ${checkValue} (zero block): stated by SoftHSM, not checked.`), page);

  // The token wraps the same key again, under a new wrapping key; KMS says whether it is the same.
  const again = join(folder, 'again.yaml');
  writeFileSync(
    again,
    stringify({
      ceremony: 'reimport-wrapped',
      wrap: { file: 'again.key' },
      'import-wrapped': { expiry: 'date', 'valid-to': '30d' },
    }),
  );
  const later = ['run', again, '--practice', '--workdir', 'w', '--json'];
  assert.equal((await keyferry(later, folder)).status, 3);
  const [newest = ''] = readdirSync(w).filter((name) => name.startsWith('wrappingKey_') && name !== publicKeyFile);
  token('wrap', ...numbersOf(join(w, newest)), join(w, 'again.key'));
  const back = await keyferry(later, folder);
  assert.equal(back.status, 0, back.stderr);
  const [material] = JSON.parse(back.stdout).materials;
  assert.equal(material.keyMaterialId, result.keyMaterialId);
  assert.notEqual(material.validTo, null);
});
