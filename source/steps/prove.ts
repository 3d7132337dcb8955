import { isNotUsableYet, retryWhileSpreading } from '../aws/eventual-consistency.ts';
import { proveDataKey } from '../aws/kms.ts';
import { explainAwsError } from '../aws/problems.ts';
import { ProblemError } from '../ceremony/problem.ts';
import { awsCommand, findKey, keyArn } from './aws-command-line.ts';
import { need } from './facts.ts';
import { proofFile } from './file-names.ts';
import type { KeyferryStep } from './services.ts';

export const prove: KeyferryStep = {
  id: 'prove',
  asks: [],
  needs: ['connection', 'description', 'key', 'imported'],
  provides: ['proof'],
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
      'key-id': keyArn,
      'key-spec': 'AES_256',
      'encryption-context': 'purpose=keyferry-proof',
      query: 'CiphertextBlob',
      output: 'text',
    });
    const open = awsCommand(facts, services, 'kms decrypt', {
      'key-id': keyArn,
      'ciphertext-blob': 'fileb://proof.bin',
      'encryption-context': 'purpose=keyferry-proof',
      query: 'KeyMaterialId',
      output: 'text',
    });
    return [
      findKey(facts, services),
      { says: 'Make an encrypted data key', shell: `${make} | openssl base64 -d -A > proof.bin` },
      { says: 'Open it again, and see which material did', shell: open },
    ];
  },

  async act({ facts, services, report, pause, signal }) {
    const { keyArn: arn } = need(facts, 'key');
    report({ id: 'proof', label: 'Making a data key and opening it again', state: 'working' });
    const { same, keyMaterialId, encrypted } = await retryWhileSpreading(
      () => proveDataKey(services.session.clients.kms, arn),
      {
        isSpreading: isNotUsableYet,
        label: 'The material is not everywhere yet',
        pause,
      },
    ).catch((error: unknown) => {
      signal.throwIfAborted();
      throw new ProblemError(
        explainAwsError(error, { what: "Can't prove the key.", state: 'The material is imported; nothing is lost.' }),
      );
    });
    if (!same) throw new ProblemError(differs());
    services.folder.replace(proofFile, encrypted);
    report({ id: 'proof', label: 'A data key was made and opened again', state: 'done' });
    return {
      proof: {
        keyMaterialId: keyMaterialId ?? need(facts, 'imported').keyMaterialId,
        provedAt: services.clock().toISOString(),
        file: proofFile,
      },
    };
  },

  receipt(facts) {
    return `Key proven: material ${need(facts, 'proof').keyMaterialId}`;
  },
};

function differs() {
  return {
    kind: 'fixable',
    what: 'The proof failed.',
    why: 'The data key that came back is not the one that was made.',
    state: 'The material is imported. Do not encrypt with this key yet.',
    next: ['Try again. If it stays, ask AWS support with the request ids in the journal.'],
  } as const;
}
