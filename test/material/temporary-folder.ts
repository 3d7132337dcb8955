import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newFolder } from '../new-folder.ts';

/** A folder that is gone when this process ends, with a quick way to put a file into it. */
export function temporaryFolder(): {
  path: string;
  put: (name: string, content: string | Uint8Array, mode?: number) => string;
} {
  const path = newFolder();
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
