import type { EquivalentCommand, StepContext } from '../ceremony/step.ts';
import { awsCommand } from './aws-command-line.ts';
import { lacksDate } from './expiry.ts';
import { type Facts, type Material, need } from './facts.ts';
import { askedExpiry } from './import-questions.ts';
import { shortId } from './materials.ts';
import type { Services } from './services.ts';

/**
 * Gives the commands that import these materials again, with the expiry that the answers ask for. Gives none while the expiry
 * lacks a valid date.
 * @param files the wrapped file and the token; without them, the names stand for those of a fresh pair.
 */
export function importCommands(
  { facts, answers, services }: StepContext<Facts, Services>,
  wanted: readonly Material[],
  files: { readonly wrappedFile: string; readonly tokenFile: string } = {
    wrappedFile: 'enc.aes.key',
    tokenFile: 'TOKEN_FILE',
  },
): readonly EquivalentCommand[] {
  if (lacksDate(answers, services.clock())) return [];
  const { keyId } = need(facts, 'key');
  return wanted.map((material) => {
    const validTo = askedExpiry(material, answers, services.clock());
    return {
      says: `Import material ${shortId(material)} again, wrapped under a fresh wrapping key`,
      shell: awsCommand(facts, services, 'kms import-key-material', {
        'key-id': keyId,
        'encrypted-key-material': `fileb://${files.wrappedFile}`,
        'import-token': `fileb://${files.tokenFile}`,
        'import-type': 'EXISTING_KEY_MATERIAL',
        'key-material-id': material.keyMaterialId,
        ...(validTo === null
          ? { 'expiration-model': 'KEY_MATERIAL_DOES_NOT_EXPIRE' }
          : { 'expiration-model': 'KEY_MATERIAL_EXPIRES', 'valid-to': validTo }),
      }),
    };
  });
}
