import { type ExternalKey, streamExternalKeys } from '../aws/external-keys.ts';
import type { Answers, Option, Question } from '../ceremony/question.ts';
import type { StepContext } from '../ceremony/step.ts';
import { utc } from './dates.ts';
import { type Facts, need } from './facts.ts';
import { unfitForFirst } from './fit-for-first-import.ts';
import { checkNamedKey, keyForm, keyMissing } from './named-key.ts';
import type { Services } from './services.ts';

/** Builds the question which key it is: one of a list, or any that is typed. None where the command line has named it. */
export function existingKeyQuestions({ facts, services }: StepContext<Facts, Services>): readonly Question[] {
  if (services.preset.key !== undefined) return [];
  return [
    {
      kind: 'choice',
      id: 'key',
      ask: 'Which KMS key should get its first material?',
      label: 'KMS key',
      form: keyForm,
      options: () => keyOptions(facts, services),
      check: keyMissing,
      verify: (answer) => whyUnfit(String(answer), facts, services),
      help: 'These have the origin EXTERNAL and no material now. Or type an id, an ARN or an alias.\nNothing of a key is changed but its material.',
    },
  ];
}

/** Gives the key that the command line or the answer names. */
export function wantedKey({ key = '' }: Answers, { preset }: Services): string {
  return (preset.key ?? String(key)).trim();
}

async function whyUnfit(wanted: string, facts: Facts, services: Services): Promise<string | undefined> {
  const found = await checkNamedKey(services.session.clients.kms, wanted.trim(), facts.connection);
  if (typeof found === 'string') return found;
  const unfit = unfitForFirst({ metadata: found }, services, facts);
  return unfit === undefined ? undefined : `${unfit.why} ${unfit.next[0]}`;
}

/** Lists the keys of the Region that have no material now, as they are found; those that cannot be chosen say why. */
async function* keyOptions(facts: Facts, services: Services): AsyncGenerator<readonly Option[]> {
  const { region } = need(facts, 'connection');
  for await (const { keys } of streamExternalKeys(services.session.clients.kms, region, { keyState: 'PendingImport' }))
    if (keys.length > 0) yield keys.map(keyOption);
}

function keyOption(key: ExternalKey): Option {
  const { keyId, aliases, createdAt, description } = key;
  const label = aliases.toSorted()[0] ?? keyId;
  const disabled = whyNoFirstImport(key);
  if (disabled !== undefined) return { value: keyId, label, disabled };
  const made = createdAt === undefined ? [] : [`made ${utc(createdAt).slice(0, 10)}`];
  // A row of the list has room for the beginning of a description.
  const about = description === '' ? [] : [description.slice(0, 24).trim()];
  return { value: keyId, label, hint: [...about, ...made].join(', ') };
}

/** Says in a few words why a key that waits takes no first material; {@link unfitForFirst} says it in full. */
function whyNoFirstImport({ keySpec, multiRegion, materials }: ExternalKey): string | undefined {
  if (keySpec !== 'SYMMETRIC_DEFAULT') return `a key of the kind ${keySpec}`;
  if (multiRegion === 'REPLICA') return 'a replica';
  return materials.length > 0 ? 'had material: keyferry reimport' : undefined;
}
