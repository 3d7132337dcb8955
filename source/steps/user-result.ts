import * as v from 'valibot';
import { ProblemError, type Remedy } from '../ceremony/problem.ts';
import { diskReasons } from '../disk/reason.ts';
import { sha256Of } from '../disk/sha256.ts';
import { readPublicFile } from '../material/small-file.ts';
import type { UserProof } from '../record/user-proof.ts';
import { type Facts, need } from './facts.ts';
import { userProofScript, userResultFile } from './file-names.ts';
import { displayPath } from './known-copies.ts';
import type { Services } from './services.ts';

/** The format of the file in which a user of the key states that the key works. */
export const resultFormat = 'keyferry-user-proof-1';

const text = v.string('must be text');
const resultSchema = v.object(
  {
    format: v.literal(resultFormat, `must be ${resultFormat}`),
    keyArn: v.pipe(text, v.startsWith('arn:', 'must be the ARN of a key')),
    /** `None` is what aws-cli prints when KMS gives no id. */
    keyMaterialId: v.pipe(text, v.regex(/^([0-9a-f]{64}|None|)$/, 'must be the id of a key material')),
    openedBy: v.pipe(text, v.regex(/^arn:[\w-]+:(iam|sts)::\d{12}:\S+$/, 'must be the ARN of a user or role')),
    openedAt: v.pipe(text, v.isoTimestamp('must be a time such as 2026-11-25T20:10:00Z')),
    /** The encrypted data key, which nobody but a user of the key can open. At most 6144 bytes (Decrypt, CiphertextBlob). */
    dataKey: v.pipe(text, v.regex(/^[A-Za-z0-9+/]{32,8192}={0,2}$/, 'must be the encrypted data key, as base64')),
  },
  // When a field is missing, valibot receives `undefined` in its place.
  ({ received }) => (received === 'undefined' ? 'is missing' : 'must be an object'),
);

/** Remedies for a result that is not there or cannot be taken. */
const remedies: readonly Remedy[] = [
  { action: 'retry', label: 'Look for the result again' },
  { action: 'ask-again', label: 'Name another file', question: 'result' },
  { action: 'ask-again', label: 'Choose again who proves it', question: 'by' },
];

/**
 * Reads the result of a user of the key, and compares it with the key and the material of this ceremony. Does not compare the
 * material when KMS gave no id of it.
 * @param path absolute.
 * @throws ProblemError when the file is not there, cannot be read, is no such result, or is of another key or material.
 */
export function readUserResult(path: string, facts: Facts, services: Services): UserProof {
  const shown = displayPath(services, path);
  const bytes = readPublicFile(path);
  // A string says why the file was not read.
  if (bytes === diskReasons.ENOENT) throw new ProblemError(noResultYet(shown, services));
  if (typeof bytes === 'string') throw unfitError(`${shown} can't be read. ${bytes}`);
  const json = parseJson(bytes);
  if (json === undefined) throw unfitError(`${shown} is not what ${userProofScript} writes: it is not JSON.`);
  const parsed = v.safeParse(resultSchema, json);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    const field = v.getDotPath(issue);
    throw unfitError(
      `${shown} is not what ${userProofScript} writes: ${field === null ? 'it' : `"${field}"`} ${issue.message}.`,
    );
  }
  const { keyArn, keyMaterialId, openedBy, openedAt } = parsed.output;
  const key = need(facts, 'key');
  if (keyArn !== key.keyArn)
    throw unfitError(`It is of another key, ${keyArn}. The key of this ceremony is ${key.keyArn}.`);
  const { keyMaterialId: importedId } = need(facts, 'imported');
  const openedId = keyMaterialId === 'None' ? '' : keyMaterialId;
  if (openedId !== '' && importedId !== '' && openedId !== importedId)
    throw unfitError(
      `Another material opened the data key: ${openedId}. The material of this ceremony is ${importedId}.`,
    );
  return {
    openedBy,
    openedAt: new Date(openedAt).toISOString(),
    ...(openedId === '' ? {} : { keyMaterialId: openedId }),
    takenAt: services.clock().toISOString(),
    sha256: sha256Of(bytes),
  };
}

/** Parses JSON text; gives `undefined` for anything else. */
function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

const imported = 'The material is imported; nothing is lost.';

/** Makes the problem of a result that is not there yet. */
function noResultYet(shown: string, { folder }: Services) {
  return {
    kind: 'waiting',
    what: 'The proof waits for a user of the key.',
    why: `There is no result yet: ${shown}`,
    state: imported,
    next: [
      `Give a user of the key ${folder.shown}/${userProofScript}. They run it, and send you ${userResultFile}.`,
      `Put ${userResultFile} into ${folder.shown}.`,
      'To go on without it, choose again who proves it: later (prove.by in an answers file).',
    ],
    remedies,
  } as const;
}

/** Makes the error for a file that is no result for this key. @param why whole sentences. */
function unfitError(why: string): ProblemError {
  return new ProblemError({
    kind: 'fixable',
    what: "Can't take the result of the user of the key.",
    why,
    state: `${imported} The result was not taken into the record.`,
    next: [`Let a user of the key run ${userProofScript} again, and name the file that it writes.`],
    remedies,
  });
}
