import assert from 'node:assert/strict';
import fs, { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { ProblemError } from '../../source/ceremony/problem.ts';
import { newFolder } from '../new-folder.ts';
import { replaceMembers } from '../replace-members.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { beginImport } from './ceremony.ts';

const { recipient, identityFile } = ageIdentity(newFolder());

/** From now on, a file whose name ends so has its last byte changed as soon as it has its name. */
function spoilFiles(t: TestContext, ending: string): void {
  const { linkSync } = fs;
  const spoiling = (from: fs.PathLike, to: fs.PathLike) => {
    linkSync(from, to);
    if (!String(to).endsWith(ending)) return;
    const bytes = readFileSync(to);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(to, bytes);
  };
  replaceMembers(t, fs, { linkSync: spoiling });
}

for (const [name, identity] of [
  ['that is only compared', ''],
  ['that is opened again', identityFile],
] as const) {
  test(`a backup ${name} and does not come back from the disk as it was written is removed, and nothing is imported`, async (t) => {
    const ceremony = await beginImport(t, {
      answers: {
        'secret-key': { keep: 'memory' },
        backup: { how: 'recipients', recipients: [recipient], identity },
      },
    });
    await ceremony.upTo('describe-key');
    const { folder } = ceremony.services;
    const before = readdirSync(folder.path).sort();
    spoilFiles(t, '.key.age.new');
    await assert.rejects(ceremony.upTo('backup'), (error) => {
      assert.ok(error instanceof ProblemError);
      assert.equal(error.problem.why, 'The file on the disk is not what was written.');
      assert.equal(error.problem.state, 'Nothing was imported; the key is unchanged. The file was removed.');
      return true;
    });
    assert.deepEqual(readdirSync(folder.path).sort(), before);
    assert.equal(ceremony.facts.backup, undefined);
    assert.equal(ceremony.countOf('KMS.CreateKey'), 0);
  });
}
