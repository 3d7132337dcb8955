import { proveDataKey } from '../aws/data-key.ts';
import { isNotUsableYet, retryWhileSpreading } from '../aws/eventual-consistency.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type { Pause } from '../ceremony/waiting.ts';
import { awsCommand } from './aws-command-line.ts';
import { type Facts, need, type Proof } from './facts.ts';
import { proofFile } from './file-names.ts';
import type { Services } from './services.ts';

/**
 * Runs `act`, which uses a key whose material was just imported. While KMS answers that the key is not usable yet, waits and
 * runs `act` again.
 * @throws any other error of `act`.
 */
export function withFreshMaterial<Result>(act: () => Promise<Result>, pause: Pause): Promise<Result> {
  return retryWhileSpreading(act, { isSpreading: isNotUsableYet, label: 'The material is not everywhere yet', pause });
}

/**
 * Lets KMS make a data key and decrypt it again, and keeps the encrypted data key in `proof.bin`.
 * @throws ProblemError when the decrypted data key is not the one that was made; else the error with which KMS answered.
 */
export async function makeProof(facts: Facts, { session, folder, clock }: Services): Promise<Proof> {
  const { same, keyMaterialId, encrypted } = await proveDataKey(session.clients.kms, need(facts, 'key').keyArn);
  if (!same) throw new ProblemError(dataKeyDiffersProblem);
  folder.replace(proofFile, encrypted);
  return {
    // When KMS does not name the material, it is the one that this ceremony has just imported, if it imported any.
    keyMaterialId: keyMaterialId ?? facts.imported?.keyMaterialId ?? '',
    provedAt: clock().toISOString(),
    file: proofFile,
  };
}

/**
 * Gives the shell text that opens `proof.bin` and prints the id of the material that opened it.
 * @param key the id or ARN of the key, or the shell variable with its ARN.
 */
export function openProofCommand(
  facts: Facts,
  services: Services,
  key: string | { readonly variable: string },
): string {
  return awsCommand(facts, services, 'kms decrypt', {
    'key-id': key,
    'ciphertext-blob': `fileb://${proofFile}`,
    'encryption-context': 'purpose=keyferry-proof',
    query: 'KeyMaterialId',
    output: 'text',
  });
}

const dataKeyDiffersProblem = {
  kind: 'fixable',
  what: 'The proof failed.',
  why: 'The data key that came back is not the one that was made.',
  state: 'The material is imported. Do not encrypt with this key yet.',
  next: ['Try again. If it stays, ask AWS support with the request ids in the journal.'],
} as const;
