import { existsSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { checkWrappedFile, sha256Fingerprint } from '../material/wrap.ts';
import type { WrappingKeySpec } from '../material/wrapping-algorithms.ts';
import { type Facts, need } from './facts.ts';
import type { Services } from './services.ts';
import { lookAtWrappingKey } from './wrapping-key-file.ts';

/** What is known here about an import that KMS refused. KMS itself gives no reason. */
export type ImportEvidence = {
  readonly algorithm: string;
  readonly keySpec: WrappingKeySpec;
  readonly wrappedBy: 'keyferry' | 'you';
  readonly wrappedFile: string;
  /** Nothing when the file is gone. */
  readonly wrappedBytes: number | undefined;
  /** What is wrong with the wrapped file under the wrapping key on disk, in sentences. */
  readonly wrappedProblem: string | undefined;
  /** These are no longer what the ceremony wrote. */
  readonly changed: readonly ('wrapped file' | 'wrapping key' | 'token')[];
  /** It was wrapped under a wrapping key that another has replaced since. */
  readonly wrappedUnderOlderKey: boolean;
  readonly keyId: string;
  /** The key id in the name of the token file, where it has one. */
  readonly tokenKeyId: string | undefined;
  readonly tokenValidTo: Date;
  readonly now: Date;
};

/** Where the wrapped file is: facts name it relative to the folder, or by its whole path where it lies elsewhere. */
export function wrappedPath(facts: Facts, folder: Services['folder']): string {
  return resolve(folder.path, need(facts, 'wrapped').file);
}

/** Looks at the files of the ceremony as they are now. */
export function gatherImportEvidence(
  facts: Facts,
  { folder, clock }: Pick<Services, 'folder' | 'clock'>,
): ImportEvidence {
  const { keyId } = need(facts, 'key');
  const wrapping = need(facts, 'wrapping');
  const wrapped = need(facts, 'wrapped');
  const path = wrappedPath(facts, folder);
  const wrappingKey = lookAtWrappingKey(facts, folder);
  const candidates = [
    ['wrapped file', path, wrapped.sha256],
    ['wrapping key', folder.file(wrapping.publicKeyFile), wrapping.publicKeySha256],
    ['token', folder.file(wrapping.tokenFile), wrapping.tokenSha256],
  ] as const;
  return {
    algorithm: wrapping.algorithm,
    keySpec: wrapping.keySpec,
    wrappedBy: wrapped.by,
    wrappedFile: wrapped.file,
    wrappedBytes: statSync(path, { throwIfNoEntry: false })?.size,
    wrappedProblem: wrappingKey.fits ? checkWrappedFile(path, wrappingKey.key) : undefined,
    changed: candidates.filter(([, file, sha256]) => differs(file, sha256)).map(([name]) => name),
    wrappedUnderOlderKey: wrapped.under !== undefined && wrapped.under !== wrapping.publicKeySha256,
    keyId,
    tokenKeyId: /^importToken_([0-9a-f-]{36}|mrk-[0-9a-f]{32})_/.exec(wrapping.tokenFile)?.[1],
    tokenValidTo: new Date(wrapping.validTo),
    now: clock(),
  };
}

/** Whether a file exists and is not the one with this SHA-256 (hex); a ceremony of an older version noted none. */
function differs(path: string, sha256: string | undefined): boolean {
  return sha256 !== undefined && existsSync(path) && sha256Fingerprint(readFileSync(path)) !== sha256;
}
