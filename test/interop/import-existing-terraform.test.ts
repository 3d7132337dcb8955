import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ofEnvironment, underPassphrase } from '../e2e/answers.ts';
import { existingWith } from '../e2e/existing-answers.ts';
import { keyferry } from '../e2e/program.ts';
import { newFolder } from '../new-folder.ts';
import { passphrase } from '../passphrase.ts';
import { type Served, serve } from '../practice/served.ts';

/*
 * Terraform makes a key without material, Keyferry imports into it, and Terraform is asked what it would change.
 */

const noTerraform = spawnSync('terraform', ['version']).status === 0 ? false : 'no terraform';
const folder = newFolder();
let server: Served | undefined;

before(async () => {
  server = await serve(join(folder, 'state'));
});

after(async () => {
  assert.equal(await server?.stop(), 0);
});

/** Runs terraform with practice AWS as its AWS, and gives its exit status and what it says. */
async function terraform(...args: readonly string[]): Promise<{ readonly status: number; readonly says: string }> {
  const { PATH, TF_CLI_CONFIG_FILE } = process.env;
  const env = { PATH, HOME: folder, LANG: 'C.UTF-8', TF_CLI_CONFIG_FILE, ...server?.variables };
  const options = { cwd: folder, env, timeout: 100_000 };
  return promisify(execFile)('terraform', [...args, '-no-color', '-input=false'], options).then(
    ({ stdout }) => ({ status: 0, says: stdout }),
    ({ code, stdout, stderr }) => ({ status: Number(code), says: `${stdout}${stderr}` }),
  );
}

/** Exit status 2 of a plan means that something is to be changed. */
const plan = (...args: readonly string[]) => terraform('plan', '-detailed-exitcode', ...args);

test("an expiring material goes into Terraform's key; with its valid_to there, Terraform finds nothing to change", {
  skip: noTerraform,
  timeout: 600_000,
}, async (t) => {
  copyFileSync(fileURLToPath(new URL('import-existing.tf', import.meta.url)), join(folder, 'main.tf'));
  if ((await terraform('init')).status !== 0) return t.skip('no Terraform provider for AWS');
  const applied = await terraform('apply', '-auto-approve');
  assert.equal(applied.status, 0, applied.says);
  writeFileSync(join(folder, 'passphrase.txt'), passphrase, { mode: 0o600 });
  const expiring = { import: { expiry: 'date', 'valid-to': '90d' } };
  const answers = existingWith(
    underPassphrase('passphrase.txt'),
    ofEnvironment,
    { 'existing-key': { key: 'alias/by-terraform' } },
    expiring,
  );
  writeFileSync(join(folder, 'a.yaml'), answers);
  const imported = await keyferry(['run', 'a.yaml', '--workdir', 'w'], folder, server?.variables);
  assert.equal(imported.status, 0, imported.stderr);
  const { key, existing, material } = JSON.parse(readFileSync(join(folder, 'w', 'record.json'), 'utf8'));
  assert.deepEqual([key.description, existing.tags], ['made by Terraform', [{ key: 'team', value: 'payments' }]]);

  const without = await plan();
  assert.equal(without.status, 2, without.says);
  assert.match(without.says, /Plan: 0 to add, 1 to change, 0 to destroy/);
  assert.match(without.says, /- valid_to += "[^"]+" -> null/);
  const [, validTo = ''] = /valid_to = "([^"]+)"/.exec(imported.stdout) ?? [];
  assert.equal(new Date(validTo).getTime(), new Date(material.validTo).getTime());
  const withIt = await plan('-var', `valid_to=${validTo}`);
  assert.equal(withIt.status, 0, withIt.says);

  // What the last page says of an apply without it, and that the material stays.
  const refused = await terraform('apply', '-auto-approve');
  assert.equal(refused.status, 1);
  assert.match(refused.says, /ImportKeyMaterial.*InvalidCiphertextException/s);
  const again = await keyferry(['run', 'a.yaml', '--workdir', 'w', '--json'], folder, server?.variables);
  assert.equal(again.status, 0, again.stderr);
});
