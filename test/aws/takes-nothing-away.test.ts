import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const source = fileURLToPath(new URL('../../source', import.meta.url));

/** The commands of AWS's SDK that a file names, without their last word. */
function commandsIn(path: string): readonly string[] {
  return [...readFileSync(path, 'utf8').matchAll(/\b([A-Z][A-Za-z]+)Command\b/g)].map(([, name = '']) => name);
}

test('the program has no call that deletes a key, its material, an alias, a bucket or an object', () => {
  const files = readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    // Practice AWS answers such calls and makes none.
    .filter((path) => !path.startsWith(join(source, 'practice')));
  const takesAway = /^(Delete|Schedule|Disable|Remove|Revoke|Retire|Abort|Cancel|Disconnect)/;
  const found = files.flatMap((path) =>
    commandsIn(path)
      .filter((name) => takesAway.test(name))
      .map((name) => `${relative(source, path)}: ${name}`),
  );
  assert.deepEqual([...new Set(found)].toSorted(), [
    // Puts a key that was disabled before the check of its backup back into that state, where that was asked for.
    'aws/kms.ts: DisableKey',
    // Gives up its own uploads that were cut off.
    'aws/object-write.ts: AbortMultipartUpload',
  ]);
  assert.ok(files.flatMap(commandsIn).length > 20, 'the search finds commands');
});
