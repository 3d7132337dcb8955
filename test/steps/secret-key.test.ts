import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { newFolder } from '../new-folder.ts';
import { AnswerRefused, beginImport } from './ceremony.ts';

for (const mode of [0o640, 0o644]) {
  test(`a key file of mode ${mode.toString(8)} is used only after asking`, async (t) => {
    const file = join(newFolder(), 'my.key');
    writeFileSync(file, randomBytes(32));
    chmodSync(file, mode);
    const ceremony = await beginImport(t, { answers: { 'secret-key': { origin: 'file', file } } });
    await assert.rejects(
      ceremony.upTo('secret-key'),
      (error) => error instanceof AnswerRefused && error.message.includes('secret-key.shared'),
    );
    ceremony.answer('secret-key', { shared: 'use' });
    assert.equal((await ceremony.upTo('secret-key')).secret?.origin, 'file');
  });
}
