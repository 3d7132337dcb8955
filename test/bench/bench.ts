import { benchBytes } from './bytes.ts';
import { benchFirstFrame } from './first-frame.ts';
import { benchLargeObject } from './large-object.ts';
import { benchUnattended } from './unattended.ts';
import { benchMemory, benchUpload } from './upload.ts';

/** The parts, by the words that choose among them: `npm run bench -- upload memory`. Without words, all run. */
const parts: Readonly<Record<string, () => Promise<void>>> = {
  'first-frame': benchFirstFrame,
  bytes: benchBytes,
  unattended: benchUnattended,
  upload: benchUpload,
  memory: benchMemory,
  'large-object': benchLargeObject,
};

const chosen = process.argv.slice(2);
for (const [name, run] of Object.entries(parts)) if (chosen.length === 0 || chosen.includes(name)) await run();
