import type { KeyMetadata } from '@aws-sdk/client-kms';
import { lookUntil } from '../aws/eventual-consistency.ts';
import { describeKey } from '../aws/kms.ts';
import type { ActContext } from '../ceremony/step.ts';
import { isAskedExpiry, validToOf } from './expiry.ts';
import { type Facts, type Imported, need } from './facts.ts';
import type { Services } from './services.ts';

type Context = ActContext<Facts, Services>;

/**
 * Compares the expiry of the new material, as KMS tells it, with the one that the answers ask for. While KMS tells another
 * one, asks again after a pause.
 * @param metadata the answer of DescribeKey for the Enabled key.
 * @returns what the fact `imported` says about the expiry. `otherExpiry` is there only when the two differ.
 * @throws the error with which KMS answered.
 */
export async function readToldExpiry(
  context: Context,
  metadata: KeyMetadata,
): Promise<Pick<Imported, 'expirationModel' | 'validTo' | 'otherExpiry'>> {
  const { answers, services, facts, pause, report } = context;
  const asked = validToOf(answers, services.clock())?.toISOString() ?? 'never';
  const { kms } = services.session.clients;
  // DescribeKey may lag behind an import.
  const look = async (tries: number) => (tries === 1 ? metadata : describeKey(kms, need(facts, 'key').keyId));
  const isShown = (answer: KeyMetadata) => isAskedFor(toldBy(answer), context);
  const now = await lookUntil(look, { isShown, label: 'KMS tells another expiry', pause });
  const isAsked = isShown(now);
  if (!isAsked) report({ id: 'expiry', label: 'KMS tells another expiry than you asked for', state: 'done' });
  return {
    expirationModel: now.ValidTo === undefined ? 'KEY_MATERIAL_DOES_NOT_EXPIRE' : 'KEY_MATERIAL_EXPIRES',
    validTo: now.ValidTo?.toISOString() ?? null,
    ...(isAsked ? {} : { otherExpiry: { asked, told: toldBy(now) } }),
  };
}

/** Gives the expiry that DescribeKey tells: ISO 8601, `never` or `not told`. */
function toldBy({ ValidTo, ExpirationModel }: KeyMetadata): string {
  if (ValidTo !== undefined) return ValidTo.toISOString();
  return ExpirationModel === 'KEY_MATERIAL_DOES_NOT_EXPIRE' ? 'never' : 'not told';
}

/**
 * Tells whether this is the expiry that the answers ask for. An answer such as `90d` counts from the request, which an earlier
 * run may have sent. So an expiry is right when it counts from a moment between the first intent and now.
 */
function isAskedFor(told: string, { answers, services: { clock, journal } }: Context): boolean {
  const intent = journal.lines.find(
    (line) => line.kind === 'intent' && line.step === 'import' && line.name === 'import',
  );
  const latest = validToOf(answers, clock());
  // When no expiry was asked for, an answer that tells none is as good as `never`.
  if (latest === undefined) return told === 'never' || told === 'not told';
  const first = validToOf(answers, intent === undefined ? clock() : new Date(intent.at)) ?? latest;
  return isAskedExpiry(told, { first: first.toISOString(), latest: latest.toISOString() });
}
