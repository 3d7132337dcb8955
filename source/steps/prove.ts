import { explainAwsError } from '../aws/problems.ts';
import { ProblemError } from '../ceremony/problem.ts';
import { awsCommand, findKeyCommand, keyArnVariable } from './aws-command-line.ts';
import { makeProof, openProofCommand, withFreshMaterial } from './data-key-proof.ts';
import { proofFile } from './file-names.ts';
import type { KeyferryStep } from './services.ts';

/** Proves that the key works: KMS makes a data key and opens it again. */
export const prove: KeyferryStep = {
  id: 'prove',
  asks: [],
  needs: ['connection', 'description', 'key', 'imported'],
  mayRead: ['existing'],
  provides: ['proof', 'notOpened'],
  title: 'Proof',
  done: 'Key proven',
  place: 'KMS',
  lasting: true,
  why: 'Enabled is a word; a data key made and opened again is a proof. This is what S3 does for every object.',
  goesWrong: [
    'KMSInvalidStateException, "is pending import": the material is not there, or it has expired.',
    'AccessDeniedException: you administer the key, but the policy does not let you use it.',
  ],

  questions: () => [],

  commands({ facts, services }) {
    const make = awsCommand(facts, services, 'kms generate-data-key-without-plaintext', {
      'key-id': keyArnVariable,
      'key-spec': 'AES_256',
      'encryption-context': 'purpose=keyferry-proof',
      query: 'CiphertextBlob',
      output: 'text',
    });
    return [
      findKeyCommand(facts, services),
      { says: 'Make an encrypted data key', shell: `${make} | openssl base64 -d -A > ${proofFile}` },
      { says: 'Open it again, and see which material did', shell: openProofCommand(facts, services, keyArnVariable) },
    ];
  },

  async act({ facts, services, report, pause, signal }) {
    report({ id: 'proof', label: 'Making a data key and opening it again', state: 'working' });
    try {
      const proof = await withFreshMaterial(() => makeProof(facts, services), pause);
      report({ id: 'proof', label: 'A data key was made and opened again', state: 'done' });
      return { proof };
    } catch (error) {
      signal.throwIfAborted();
      // Whoever imports into a key of others need not be among its users.
      if (facts.existing !== undefined && error instanceof Error && /^AccessDenied/.test(error.name)) {
        report({ id: 'proof', label: 'Nothing was opened: you may not use the key', state: 'done' });
        return { notOpened: 'refused' };
      }
      throw new ProblemError(
        explainAwsError(error, { what: "Can't prove the key.", state: 'The material is imported; nothing is lost.' }),
      );
    }
  },

  receipt({ proof }) {
    return proof === undefined
      ? 'Nothing was opened with the key: you may not use it'
      : `Key proven: material ${proof.keyMaterialId}`;
  },
};
