import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Journal } from '../../source/ceremony/journal.ts';
import { newFolder } from '../new-folder.ts';
import { beginImport } from './ceremony.ts';

/** The intents that no outcome follows, as `step/name`. */
function openIntents({ lines }: Journal): readonly string[] {
  const open: string[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.kind !== 'intent') continue;
    const outcome = lines
      .slice(index)
      .find((later) => later.kind === 'outcome' && later.step === line.step && later.name === line.name);
    if (outcome === undefined) open.push(`${line.step}/${line.name}`);
  }
  return open;
}

test('a finished journal has the outcome of every intent', async (t) => {
  const file = join(newFolder(), 'big.bin');
  writeFileSync(file, randomBytes(20 * 1024 * 1024));
  const passphrase = 'winter lamp orbit saddle';
  const ceremony = await beginImport(t, {
    answers: {
      backup: { how: 'passphrase', passphrase, 'passphrase-again': passphrase },
      'encrypt-objects': { what: 'files', files: [file] },
      finish: { 'plain-key': 'destroy', 'confirm-destroy': 'destroy plain key file' },
    },
  });
  await ceremony.upTo();
  const { path } = ceremony.services.journal;
  ceremony.services.journal.close();
  const journal = new Journal(path);
  assert.equal(journal.state.finished, true);
  const intents = journal.lines.filter(({ kind }) => kind === 'intent');
  for (const step of ['secret-key', 'backup', 'policy', 'import', 'encrypt-objects', 'finish'])
    assert.ok(
      intents.some((line) => line.kind === 'intent' && line.step === step),
      step,
    );
  assert.deepEqual(openIntents(journal), []);
});
