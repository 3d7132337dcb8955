import { openToOthersWarning } from '../disk/private-file.ts';
import { type KeyPlace, recognise } from './recognise.ts';
import { type ScratchBuffers, withScratch } from './scratch-buffers.ts';
import type { SecretBytes } from './secret-bytes.ts';
import { readSmallFile } from './small-file.ts';
import { findWeakness } from './weak-key.ts';

export type { KeyFileForm, KeyPlace } from './recognise.ts';

/** What a file is, judged as the file of a 256-bit key. */
export type KeyFileInspection = KeyPlace & {
  /** `ready`: 32 raw bytes. `convertible`: 32 bytes in another form. `refused`: no key. `absent`: no file. */
  readonly verdict: 'ready' | 'convertible' | 'refused' | 'absent';
  /** The size of the file in bytes. */
  readonly size: number;
  /** Plain sentences of at most 20 words, in the order to show. They never quote bytes of the file. */
  readonly findings: readonly string[];
  /** A sentence that warns that others may open the file. Absent when they may not. The key can be used in any case. */
  readonly warning?: string;
};

/**
 * Looks at a file that should hold a 256-bit key, and tells what the file really holds. It is quick enough to run at every
 * keystroke while a person types a path: it reads at most 64 KiB, from regular files only. It never throws. `~/` means the
 * home folder.
 */
export function inspectKeyFile(path: string): KeyFileInspection {
  const { inspection, key } = examineKeyFile(path);
  key?.destroy();
  return inspection;
}

type Examination = { inspection: KeyFileInspection; key?: SecretBytes };

/**
 * Reads a file once and gives both the inspection and the key, so that the caller uses exactly the bytes that were checked.
 * `key` is absent when the verdict is `refused` or `absent`. Otherwise the caller must destroy it.
 */
export function examineKeyFile(path: string): Examination {
  return withScratch((scratch) => examine(path, scratch));
}

/** Does the work of {@link examineKeyFile} with scratch buffers. */
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

  const { form, inner, part, key, says, consequences } = recognised;
  const place: KeyPlace = {
    form,
    ...(inner === undefined ? {} : { inner }),
    ...(part === undefined ? {} : { part }),
  };
  const weakness = key.use(findWeakness);
  if (weakness !== undefined) {
    key.destroy();
    return { inspection: { verdict: 'refused', ...place, size, findings: [...says, ...weakness] } };
  }
  const warning = warnAboutMode(file.mode);
  if (form === 'raw') return { inspection: { verdict: 'ready', form, size, findings: says, ...warning }, key };
  // "It" is the newline or the NUL, which `says` has named.
  const beginning = form === 'raw-newline' || form === 'raw-nul' ? 'Without it, the file is' : 'Decoded, it is';
  const findings = [...says, `${beginning} exactly 32 bytes: a valid AES-256 key.`, ...consequences];
  return { inspection: { verdict: 'convertible', ...place, size, findings, ...warning }, key };
}

/** Gives the member `warning` of an inspection, when others may open a file of this mode. */
function warnAboutMode(mode: number): { warning?: string } {
  const warning = openToOthersWarning(mode);
  return warning === undefined ? {} : { warning };
}
