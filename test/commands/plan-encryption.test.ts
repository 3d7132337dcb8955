import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
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
