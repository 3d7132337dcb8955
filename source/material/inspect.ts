import { openToOthers } from '../disk/private-file.ts';
import { type KeyFileForm, recognise } from './recognise.ts';
import { type ScratchBuffers, withScratch } from './scratch-buffers.ts';
import type { SecretBytes } from './secret-bytes.ts';
import { readSmallFile } from './small-file.ts';
import { weakness } from './weak-key.ts';

export type { KeyFileForm } from './recognise.ts';

export type KeyFileInspection = {
  /** `ready`: 32 raw bytes. `convertible`: 32 bytes in another form. `refused`: no key. `absent`: no file. */
  readonly verdict: 'ready' | 'convertible' | 'refused' | 'absent';
  /** How the file holds the key: what {@link readKeyFile} is told. `none` when it holds no key. */
  readonly form: KeyFileForm;
  /** Of the file, in bytes. */
  readonly size: number;
  /** Plain sentences of at most 20 words, in the order to show. They never repeat anything of the file's bytes. */
  readonly findings: readonly string[];
  /** Something about the file that does not keep the key from being used. */
  readonly warning?: string;
};

/**
 * Looks at a file that should hold a 256-bit key and says what it really is. Quick enough for every keystroke while a path
 * is typed: at most 64 KiB are read, from regular files only.
 * `~/` means the home folder. It never throws.
 */
export function inspectKeyFile(path: string): KeyFileInspection {
  const { inspection, key } = examineKeyFile(path);
  key?.destroy();
  return inspection;
}

type Examination = { inspection: KeyFileInspection; key?: SecretBytes };

/**
 * Gives the inspection together with the key that it approves of, from one reading, so that what is used is what was
 * checked. The caller destroys the key.
 */
export function examineKeyFile(path: string): Examination {
  return withScratch((scratch) => examine(path, scratch));
}

function examine(path: string, scratch: ScratchBuffers): Examination {
  const file = readSmallFile(path, scratch);
  if (!file.found) {
    return {
      inspection: { verdict: file.exists ? 'refused' : 'absent', form: 'none', size: file.size, findings: [file.why] },
    };
  }
  const size = file.bytes.length;
  const recognised = recognise(file.bytes, scratch);
  if (recognised.form === 'none')
    return { inspection: { verdict: 'refused', form: 'none', size, findings: recognised.says } };

  const { form, key, says, spared } = recognised;
  const weak = key.use(weakness);
  if (weak !== undefined) {
    key.destroy();
    return { inspection: { verdict: 'refused', form, size, findings: [...says, ...weak] } };
  }
  const warning = sharedWith(file.mode);
  if (form === 'raw') return { inspection: { verdict: 'ready', form, size, findings: says, ...warning }, key };
  const mended = form === 'raw-newline' ? 'Without it, the file is' : 'Decoded, it is';
  const findings = [...says, `${mended} exactly 32 bytes: a valid AES-256 key.`, ...spared];
  return { inspection: { verdict: 'convertible', form, size, findings, ...warning }, key };
}

function sharedWith(mode: number): { warning?: string } {
  const warning = openToOthers(mode);
  return warning === undefined ? {} : { warning };
}
