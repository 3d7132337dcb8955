import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { encrypt } from '../../source/ceremonies/encrypt/encrypt.ts';
import { planEncryption } from '../../source/commands/plan-encryption.ts';
import { newFolder } from '../new-folder.ts';

test('whoever stops a dry run waits for no more files, and is told no sums', async () => {
  const w = newFolder();
  writeFileSync(join(w, 'a.txt'), 'some bytes');
  const plan = async (signal: AbortSignal) => {
    const printed: string[] = [];
    const stdout = { write: (text: string) => printed.push(text) };
    const options = { practice: true, workdir: join(w, 'w'), to: 's3://an-archive' };
    const files = [join(w, 'a.txt')];
    const status = await planEncryption(encrypt, {
      ...{ folder: options.workdir, files, options, stdout, signal },
      say: (line) => printed.push(line),
    }).catch((error: unknown) => error);
    return { status, printed };
  };
  const reason = new Error('stopped');
  assert.deepEqual(await plan(AbortSignal.abort(reason)), { status: reason, printed: [] });
  const sums = '1 file, 10 bytes, 1 request.\nNothing was sent.\n';
  assert.deepEqual(await plan(new AbortController().signal), { status: 0, printed: [sums] });
});

test('a dry run names what is left out, what cannot be sent and what there is, for people and for programs', async () => {
  const w = newFolder();
  mkdirSync(join(w, 'tree'));
  for (const name of ['tree/a.txt', 'tree/b.txt']) writeFileSync(join(w, name), 'some bytes');
  for (let number = 0; number < 9; number += 1) symlinkSync('a.txt', join(w, 'tree', `link ${number}`));
  const plan = async (files: readonly string[], json: boolean) => {
    const printed: string[] = [];
    const said: string[] = [];
    const options = { practice: true, workdir: join(w, 'w'), to: 's3://an-archive/in', json };
    const status = await planEncryption(encrypt, {
      ...{ folder: options.workdir, files: files.map((name) => join(w, name)), options },
      signal: new AbortController().signal,
      stdout: { write: (text: string) => printed.push(text) },
      say: (line) => said.push(line),
    });
    return { status, printed: printed.join(''), said };
  };
  const tree = await plan(['tree'], false);
  assert.deepEqual([tree.status, tree.printed.endsWith('\nNothing was sent.\n')], [0, true]);
  const named = tree.said.filter((line) => /^Left out: .*link \d/.test(line)).length;
  assert.ok(named > 0);
  assert.equal(tree.said.at(-1), `And ${9 - named} more are left out.`);
  const { status, printed, said } = await plan(['tree/a.txt', 'missing'], true);
  assert.equal(status, 2);
  assert.equal(JSON.parse(printed).dryRun, true);
  assert.match(said.join('\n'), /missing/);
});
