import type { TestContext } from 'node:test';
import { CreateAliasCommand, CreateKeyCommand, type CreateKeyCommandInput } from '@aws-sdk/client-kms';
import { importExisting } from '../../source/ceremonies/import-existing/import-existing.ts';
import { must, type Practice } from '../practice/practising.ts';
import { type Given, makeServices } from '../services.ts';
import { type AllAnswers, RunningCeremony } from './ceremony.ts';

/** The account of practice AWS, and its caller. */
export const accountId = '000000000000';
export const you = `arn:aws:iam::${accountId}:role/SecurityAdmin`;

/** A key that somebody else made, and the ids by which it goes. */
export type OthersKey = { readonly keyId: string; readonly arn: string };

/** Makes an EXTERNAL key as Terraform or a person does: with tags, a policy, and a name where one is given. */
export async function othersKey(
  practice: Practice,
  { alias, ...input }: Partial<CreateKeyCommandInput> & { readonly alias?: string } = {},
): Promise<OthersKey> {
  const { KeyMetadata } = await practice.kms().send(
    new CreateKeyCommand({
      Origin: 'EXTERNAL',
      Description: 'made by Terraform',
      Tags: [{ TagKey: 'team', TagValue: 'payments' }],
      ...input,
    }),
  );
  const keyId = must(KeyMetadata?.KeyId);
  if (alias !== undefined) await practice.kms().send(new CreateAliasCommand({ AliasName: alias, TargetKeyId: keyId }));
  return { keyId, arn: must(KeyMetadata?.Arn) };
}

/** A key policy of these statements, each an Allow of actions to principals, with a condition where one is given. */
export function policyOf(
  ...statements: readonly (readonly [
    principals: string | readonly string[],
    actions: string | readonly string[],
    condition?: object,
  ])[]
): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map(([principals, actions, condition]) => ({
      Effect: 'Allow',
      Principal: { AWS: principals },
      Action: actions,
      Resource: '*',
      ...(condition === undefined ? {} : { Condition: condition }),
    })),
  });
}

/** An import into an existing key, from its beginning or from where an earlier run in that folder stopped. */
export async function beginExisting(
  t: TestContext,
  { answers = {}, key, ...given }: Given & { readonly answers?: AllAnswers; readonly key?: string } = {},
): Promise<RunningCeremony> {
  const made = await makeServices(t, given);
  return new RunningCeremony(made, importExisting, {
    'key-policy': { acknowledge: true },
    'encrypt-objects': { where: 'later' },
    ...answers,
    ...(key === undefined ? {} : { 'existing-key': { key } }),
  });
}
