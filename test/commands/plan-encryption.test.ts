import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { encrypt } from '../../source/ceremonies/encrypt/encrypt.ts';
import { planEncryption } from '../../source/commands/plan-encryption.ts';
import { newFolder } from '../new-folder.ts';

/** How a dry run of these files in a folder ends, and what it prints and says. */
async function plan(
  w: string,
  files: readonly string[],
  { json = false, signal = new AbortController().signal }: { json?: boolean; signal?: AbortSignal } = {},
) {
  const printed: string[] = [];
  const said: string[] = [];
  const options = { practice: true, workdir: join(w, 'w'), to: 's3://an-archive', json };
  const status = await planEncryption(encrypt, {
    ...{ folder: options.workdir, files: files.map((name) => join(w, name)), options, signal },
    stdout: { write: (text: string) => printed.push(text) },
    say: (line) => said.push(line),
  }).catch((error: unknown) => error);
  return { status, printed: printed.join(''), said };
}

test('whoever stops a dry run waits for no more files, and is told no sums', async () => {
  const w = newFolder();
  writeFileSync(join(w, 'a.txt'), 'some bytes');
  const reason = new Error('stopped');
  const stopped = await plan(w, ['a.txt'], { signal: AbortSignal.abort(reason) });
  assert.deepEqual(stopped, { status: reason, printed: '', said: [] });
  const printed = '1 file, 10 bytes, 1 request.\nNothing was sent.\n';
  assert.deepEqual(await plan(w, ['a.txt']), { status: 0, printed, said: [] });
});

test('a dry run names what is left out, what cannot be sent and what there is, for people and for programs', async () => {
  const w = newFolder();
  mkdirSync(join(w, 'tree'));
  for (const name of ['tree/a.txt', 'tree/b.txt']) writeFileSync(join(w, name), 'some bytes');
  for (let number = 0; number < 9; number += 1) symlinkSync('a.txt', join(w, 'tree', `link ${number}`));
  const tree = await plan(w, ['tree']);
  assert.deepEqual([tree.status, tree.printed.endsWith('\nNothing was sent.\n')], [0, true]);
  const named = tree.said.filter((line) => /^Left out: .*link \d/.test(line)).length;
  assert.ok(named > 0);
  assert.equal(tree.said.at(-1), `And ${9 - named} more are left out.`);
  const { status, printed, said } = await plan(w, ['tree/a.txt', 'missing'], { json: true });
  assert.equal(status, 2);
  assert.equal(JSON.parse(printed).dryRun, true);
  assert.match(said.join('\n'), /missing/);
});
