import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

/** A folder that is gone after the tests of this file, with a quick way to put a file into it. */
export function temporaryFolder(): {
  path: string;
  put: (name: string, content: string | Uint8Array, mode?: number) => string;
} {
  const path = mkdtempSync(join(tmpdir(), 'keyferry-material-'));
  after(() => rmSync(path, { recursive: true, force: true }));
  return {
    path,
    put: (name, content, mode = 0o600) => {
      const file = join(path, name);
      rmSync(file, { force: true });
      writeFileSync(file, content, { mode });
      // Whatever the umask of whoever runs the tests.
      chmodSync(file, mode);
      return file;
    },
  };
}
