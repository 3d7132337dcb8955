import { undefinedIfDenied } from '../aws/access-denied.ts';
import { decryptProof } from '../aws/data-key.ts';
import { readBackSha256, seeObject } from '../aws/object-look.ts';
import { explainAwsError } from '../aws/problems.ts';
import { ProblemError } from '../ceremony/problem.ts';
import { singleQuote } from '../ceremony/shell-word.ts';
import type { ActContext } from '../ceremony/step.ts';
import { makeProof, openProofCommand, withFreshMaterial } from './data-key-proof.ts';
import { type Facts, need, type Proof, type ReadableObject } from './facts.ts';
import { proofFile } from './file-names.ts';
import type { KeyferryStep, Services } from './services.ts';

/** Proves that the key can again open what it has encrypted: the data key of the first proof, and a recorded object. */
export const proveAgain: KeyferryStep = {
  id: 'prove-again',
  asks: [],
  needs: ['connection', 'key', 'broughtBack', 'toDisable'],
  provides: ['proof', 'readable', 'notOpened'],
  title: 'Proof',
  done: 'Old data readable',
  place: 'KMS',
  lasting: true,
  why: 'What counts is that old data can be read. A data key from the first day is opened, and an object is read.',
  goesWrong: [
    'KMSInvalidStateException, "is pending import": another material of the key is still missing.',
    'AccessDeniedException: you may import material, but not use the key. Then somebody else has to read the old data.',
  ],

  questions: () => [],

  commands({ facts, services }) {
    return [
      {
        says: 'Open the data key of the first proof, and see which material does',
        shell: openProofCommand(facts, services, need(facts, 'key').keyId),
      },
    ];
  },

  async act(context) {
    const { facts, services, pause, report, signal } = context;
    if (need(facts, 'broughtBack').keyState === 'Disabled') {
      report({ id: 'proof', label: 'The key is Disabled, so that nothing was opened with it', state: 'done' });
      return { notOpened: 'Disabled' };
    }
    report({ id: 'proof', label: 'Opening a data key with the key', state: 'working' });
    try {
      const proof = await undefinedIfDenied(withFreshMaterial(() => proveWithOldDataKey(facts, services), pause));
      if (proof === undefined) {
        report({ id: 'proof', label: 'Nothing was opened: you may not use the key', state: 'done' });
        return { notOpened: 'refused' };
      }
      report({ id: 'proof', label: 'The key opens what it has encrypted', state: 'done' });
      const readable = await readRecordedObject(context);
      return { proof, ...(readable === undefined ? {} : { readable }) };
    } catch (error) {
      signal.throwIfAborted();
      throw new ProblemError(
        explainAwsError(error, { what: "Can't prove that old data can be read.", state: stateWords(facts) }),
      );
    }
  },

  receipt({ proof, readable, notOpened }) {
    if (proof === undefined)
      return `Nothing was opened: ${notOpened === 'refused' ? 'you may not use the key' : 'the key is Disabled'}`;
    const object = readable === undefined ? '' : `; s3://${readable.bucket}/${readable.key} can be read`;
    return `Old data readable: ${openerWords(proof)} opened a data key${object}`;
  },
};

/** Names what opened a data key: a material, or the key when KMS gave no id of the material. */
function openerWords({ keyMaterialId }: Proof): string {
  return keyMaterialId === '' ? 'the key' : `material ${keyMaterialId.slice(0, 8)}`;
}

/** Says what has and has not changed when the proof fails. Then a key that should be disabled again is still Enabled. */
function stateWords(facts: Facts): string {
  const stillEnabled = need(facts, 'toDisable')
    ? ' The key is Enabled until this has gone on: then it is disabled again.'
    : '';
  return `The material is imported; nothing is lost.${stillEnabled}`;
}

/**
 * Lets KMS decrypt the data key in `proof.bin`. When the folder has no such file, makes a new proof and keeps it there.
 * @throws ProblemError when the file is damaged or of another key; else the error with which KMS answered.
 */
async function proveWithOldDataKey(facts: Facts, services: Services): Promise<Proof> {
  const { session, folder, clock } = services;
  if (!folder.has(proofFile)) return makeProof(facts, services);
  const { keyArn } = need(facts, 'key');
  const opened = decryptProof(session.clients.kms, keyArn, folder.read(proofFile));
  const keyMaterialId = await opened.catch((error: unknown) => {
    throw isOtherKeyError(error) ? new ProblemError(otherKeyProblem(folder.file(proofFile))) : error;
  });
  return { keyMaterialId: keyMaterialId ?? '', provedAt: clock().toISOString(), file: proofFile };
}

/**
 * Reads the smallest object that the first import uploaded and compares its SHA-256 with the recorded one. Returns
 * `undefined` when no object is recorded, when the object is gone, or when the caller may not read it.
 */
async function readRecordedObject({
  facts,
  services,
  report,
  signal,
}: ActContext<Facts, Services>): Promise<ReadableObject | undefined> {
  const { recorded, session } = services;
  const [smallest] = [...(recorded?.objects?.objects ?? [])].sort((a, b) => a.size - b.size);
  if (smallest === undefined) return undefined;
  const { bucket, key, sha256 } = smallest;
  const name = `s3://${bucket}/${key}`;
  report({ id: 'object', label: `Reading ${name}`, state: 'working' });
  const { s3 } = session.clients;
  const readBack = async () => {
    const place = { bucket, key, owner: need(facts, 'connection').accountId };
    const head = await seeObject(s3, place);
    if (head === 'not shown') return undefined;
    if (head === 'absent') return 'absent';
    return readBackSha256(s3, { ...place, size: head.size }, { onBytes: () => {}, signal });
  };
  // Whoever may import material may still lack the permission to read objects.
  const readSha256 = await undefinedIfDenied(readBack());
  if (readSha256 === undefined || readSha256 === 'absent') {
    const why = readSha256 === 'absent' ? 'is there no more, and was not read' : 'was not read: you may not read it';
    report({ id: 'object', label: `${name} ${why}`, state: 'done' });
    return undefined;
  }
  const isSame = readSha256 === sha256;
  const words = isSame ? 'can be read, with the bytes on record' : 'can be read; its bytes are not those on record';
  report({ id: 'object', label: `${name} ${words}`, state: 'done' });
  return { bucket, key, isSame };
}

/** Tells whether KMS says that the ciphertext is damaged or that another key made it (KMS API reference, Decrypt, Errors). */
const isOtherKeyError = (error: unknown) =>
  error instanceof Error && ['InvalidCiphertextException', 'IncorrectKeyException'].includes(error.name);

function otherKeyProblem(file: string) {
  return {
    kind: 'fixable',
    what: "Can't open the data key of the first proof.",
    why: `${file} is damaged, or is of another key.`,
    state: 'The material is imported; nothing is lost.',
    next: [
      `Put that file back as it was, or move it away for a new one: mv ${singleQuote(file)} ${singleQuote(`${file}.old`)}`,
    ],
  } as const;
}
