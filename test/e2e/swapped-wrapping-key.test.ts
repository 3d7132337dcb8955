import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { newFolder } from '../new-folder.ts';
import { passphrase } from '../passphrase.ts';
import { TerminalSession } from './terminal-session.ts';
import { screensUnderPassphrase } from './walk.ts';

const enter = '\r';
const foreignKey = generateKeyPairSync('rsa', { modulusLength: 4096 }).publicKey.export({
  format: 'der',
  type: 'spki',
});
const sha256Of = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const untilWrapping = screensUnderPassphrase.slice(
  0,
  screensUnderPassphrase.findIndex(([shows]) => shows === 'Who wraps the secret?'),
);

test('a person sees that the wrapping key was swapped, and goes on with a fresh pair', async (t) => {
  const cwd = newFolder();
  const start = () => {
    const session = new TerminalSession(['--practice'], { cwd, columns: 60, rows: 20 });
    t.after(() => session.kill('SIGKILL'));
    return session;
  };
  const session = start();
  for (const [shows, keys] of untilWrapping) {
    await session.shows(shows);
    session.send(keys);
  }
  await session.shows('The SHA-256 of its file is');
  const folder = join(cwd, 'keyferry-payments-2026');
  const wrappingKey = readdirSync(folder).find((name) => name.startsWith('wrappingKey_')) ?? '';
  const sent = readFileSync(join(folder, wrappingKey));
  rmSync(join(folder, wrappingKey));
  writeFileSync(join(folder, wrappingKey), foreignKey, { mode: 0o600 });

  // What lies on the disk shows beside the question, whole, also on a small screen.
  session.kill('SIGKILL');
  await session.ends();
  const again = start();
  await again.shows('Continue where you stopped?');
  again.send(enter);
  await again.shows('Who wraps the secret?');
  const shown = again.screen().join('').replaceAll(/\s/g, '');
  assert.ok(shown.includes(sha256Of(foreignKey)), shown);
  assert.ok(shown.includes(sha256Of(sent)), shown);

  again.send(enter);
  await again.shows('What is the passphrase of');
  again.send(`${passphrase}${enter}`);
  await again.shows("Can't wrap under this wrapping key.");
  await again.shows('is no longer the wrapping key that KMS sent');
  await again.shows('Nothing was wrapped or sent.');
  await again.shows(/❯ Fetch a new wrapping key and token/);
  assert.equal(existsSync(join(folder, 'enc.aes.key')), false);

  again.send(enter);
  await again.shows('How should the secret be wrapped?');
  again.send(enter);
  await again.shows('The SHA-256 of its file is');
  again.send(enter);
  // The key is still in memory since the backup was opened.
  await again.shows('Should the material expire?');
  const journal = readFileSync(join(folder, 'journal.jsonl'), 'utf8');
  assert.doesNotMatch(journal, /KMS\.ImportKeyMaterial/);
  assert.equal(journal.match(/KMS\.GetParametersForImport/g)?.length, 2);
});
