import { openProof, proveDataKey } from '../aws/kms.ts';
import { explainAwsError } from '../aws/problems.ts';
import { findObject, readBackSha256 } from '../aws/s3.ts';
import { isNotUsableYet, whileSpreading } from '../aws/spreading.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { ActContext } from '../ceremony/step.ts';
import { awsCommand } from './aws-command-line.ts';
import { type Facts, need, type Proof, type ReadableObject } from './facts.ts';
import { proofFile } from './file-names.ts';
import type { KeyferryStep, Services } from './services.ts';

/** Shows that the key opens again what it has encrypted: the data key of the first proof, and an object on record. */
export const proveAgain: KeyferryStep = {
  id: 'prove-again',
  asks: [],
  needs: ['connection', 'key', 'broughtBack'],
  provides: ['proof', 'readable'],
  title: 'Proof',
  done: 'Old data readable',
  place: 'KMS',
  lasting: true,
  why: 'What counts is that old data can be read. A data key from the first day is opened, and an object is read.',
  goesWrong: [
    'KMSInvalidStateException, "is pending import": another material of the key is still missing.',
    'AccessDeniedException: you may import material, but the policy does not let you use the key.',
  ],

  questions: () => [],

  commands({ facts, services }) {
    return [
      {
        says: 'Open the data key of the first proof, and see which material does',
        shell: awsCommand(facts, services, 'kms decrypt', {
          'key-id': need(facts, 'key').keyId,
          'ciphertext-blob': `fileb://${proofFile}`,
          'encryption-context': 'purpose=keyferry-proof',
          query: 'KeyMaterialId',
          output: 'text',
        }),
      },
    ];
  },

  async act(context) {
    const { facts, services, pause, report, signal } = context;
    if (need(facts, 'broughtBack').keyState === 'Disabled') {
      report({ id: 'proof', label: 'The key is Disabled, so that nothing was opened with it', state: 'done' });
      return {};
    }
    report({ id: 'proof', label: 'Opening a data key with the key', state: 'working' });
    const settings = { isSpreading: isNotUsableYet, label: 'The material is not everywhere yet', pause };
    try {
      const proof = await whileSpreading(() => proveOld(facts, services), settings);
      report({ id: 'proof', label: 'The key opens what it has encrypted', state: 'done' });
      const readable = await readRecorded(context);
      return { proof, ...(readable === undefined ? {} : { readable }) };
    } catch (error) {
      signal.throwIfAborted();
      const state = 'The material is imported; nothing is lost.';
      throw new ProblemError(explainAwsError(error, { what: "Can't prove that old data can be read.", state }));
    }
  },

  receipt(facts) {
    const { readable, proof } = facts;
    if (proof === undefined) return 'Nothing was opened: the key is Disabled';
    const object = readable === undefined ? '' : `; s3://${readable.bucket}/${readable.key} can be read`;
    return `Old data readable: material ${proof.keyMaterialId.slice(0, 8)} opened a data key${object}`;
  },
};

/** Opens the data key of an earlier proof, or makes one where none was kept, and keeps it for the next time. */
async function proveOld(facts: Facts, { session, folder, clock }: Services): Promise<Proof> {
  const { kms } = session.clients;
  const { keyArn } = need(facts, 'key');
  const provedAt = () => clock().toISOString();
  if (folder.has(proofFile)) {
    const keyMaterialId = (await openProof(kms, keyArn, folder.read(proofFile))) ?? '';
    return { keyMaterialId, provedAt: provedAt(), file: proofFile };
  }
  const { same, keyMaterialId = '', encrypted } = await proveDataKey(kms, keyArn);
  if (!same) throw new ProblemError(differs());
  folder.replace(proofFile, encrypted);
  return { keyMaterialId, provedAt: provedAt(), file: proofFile };
}

/** Reads an object that the first import uploaded: the smallest one. None where there was none, or it is there no more. */
async function readRecorded({
  services,
  report,
  signal,
}: ActContext<Facts, Services>): Promise<ReadableObject | undefined> {
  const { recorded, session } = services;
  const [object] = [...(recorded?.objects?.objects ?? [])].sort((a, b) => a.size - b.size);
  if (object === undefined) return undefined;
  const { bucket, key, sha256 } = object;
  const name = `s3://${bucket}/${key}`;
  report({ id: 'object', label: `Reading ${name}`, state: 'working' });
  const head = await findObject(session.clients.s3, bucket, key);
  if (head === 'absent') {
    report({ id: 'object', label: `${name} is there no more, and was not read`, state: 'done' });
    return undefined;
  }
  const back = await readBackSha256(
    session.clients.s3,
    { bucket, key, size: head.size },
    { onBytes: () => {}, signal },
  );
  const isSame = back === sha256;
  const words = isSame ? 'can be read, with the bytes on record' : 'can be read; its bytes are not those on record';
  report({ id: 'object', label: `${name} ${words}`, state: 'done' });
  return { bucket, key, isSame };
}

function differs() {
  return {
    kind: 'fixable',
    what: 'The proof failed.',
    why: 'The data key that came back is not the one that was made.',
    state: 'The material is imported. Do not encrypt with this key yet.',
    next: ['Try again. If it stays, ask AWS support with the request ids in the journal.'],
  } as const;
}
