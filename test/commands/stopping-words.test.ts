import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { firstImport } from '../../source/ceremonies/first-import/first-import.ts';
import { savedNow } from '../../source/commands/conduct.ts';
import { openCeremony } from '../../source/commands/open-ceremony.ts';
import { newFolder } from '../new-folder.ts';

test('before a ceremony has begun nothing is saved, and from then on its progress is', async () => {
  const w = join(newFolder({ inMemory: true }), 'w');
  const opened = await openCeremony(firstImport, w, { practice: true, workdir: w });
  assert.equal(savedNow(opened), 'nothing');
  opened.begin();
  assert.equal(savedNow(opened), 'everything');
  await opened.close();
});
