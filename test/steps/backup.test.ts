import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { ProblemError } from '../../source/ceremony/problem.ts';
import { newFolder } from '../new-folder.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { sealedTo } from '../secrets/sealed.ts';
import { beginImport, continueImport } from './ceremony.ts';

const name = 'my-first-key.key.age';
const { recipient, identityFile } = ageIdentity(newFolder());

/** A ceremony whose key is in memory and in a backup for a recipient. */
const backedUp = (t: TestContext) =>
  beginImport(t, {
    answers: {
      'secret-key': { keep: 'memory' },
      backup: { how: 'recipients', recipients: [recipient], identity: identityFile },
      wrap: { identity: identityFile },
    },
  });

test('a file of the name of the backup that another wrote is refused, and stays byte for byte', async (t) => {
  const ceremony = await backedUp(t);
  await ceremony.upTo('describe-key');
  const { folder } = ceremony.services;
  const before = readdirSync(folder.path).toSorted();
  writeFileSync(folder.file(name), 'the only copy of another key', { mode: 0o600 });
  await assert.rejects(ceremony.upTo('backup'), (error) => {
    assert.ok(error instanceof ProblemError);
    assert.match(error.problem.what, /name is taken/);
    return true;
  });
  assert.equal(readFileSync(folder.file(name), 'utf8'), 'the only copy of another key');
  assert.deepEqual(readdirSync(folder.path).toSorted(), [...before, name].toSorted());
});

test('a backup of a run that was cut off before it was done is set aside for a new one', async (t) => {
  const ceremony = await backedUp(t);
  await ceremony.upTo('backup');
  const { folder, journal } = ceremony.services;
  const first = readFileSync(folder.file(name));
  const lines = readFileSync(journal.path, 'utf8').split('\n');
  const intent = lines.findIndex((line) => line.includes(`"name":"write ${name}"`));
  writeFileSync(journal.path, `${lines.slice(0, intent + 1).join('\n')}\n`);
  const later = await continueImport(t, ceremony);
  const { backup } = await later.upTo('backup');
  assert.ok(backup !== undefined && backup.by !== 'declined');
  assert.equal(backup.proven, 'opened');
  assert.deepEqual(readFileSync(folder.file(`${name}.unused-1`)), first);
  assert.notDeepEqual(readFileSync(folder.file(name)), first);
});

for (const length of [16, 31, 33]) {
  test(`a ceremony that goes on with a backup of ${length} bytes says so, and wraps nothing`, async (t) => {
    const ceremony = await backedUp(t);
    await ceremony.upTo('wrapping-key');
    await sealedTo(recipient, randomBytes(length), ceremony.services.folder.file(name));
    const later = await continueImport(t, ceremony);
    await assert.rejects(later.upTo('import'), (error) => {
      assert.ok(error instanceof ProblemError);
      assert.match(error.problem.why ?? '', new RegExp(`holds ${length} bytes`));
      return true;
    });
    assert.equal(later.facts.wrapped, undefined);
    assert.equal(later.countOf('KMS.ImportKeyMaterial'), 0);
  });
}
