import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

/** Compares a text with a stored file. With `--test-update-snapshots`, writes the file anew: the difference is to be read. */
export function assertStored(t: TestContext, text: string, file: URL): void {
  t.assert.fileSnapshot(text, fileURLToPath(file), { serializers: [String] });
}
