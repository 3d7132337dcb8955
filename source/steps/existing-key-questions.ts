import type { ExternalKey } from '../aws/external-key.ts';
import { streamExternalKeys } from '../aws/external-keys.ts';
import type { Answers, Option, Question } from '../ceremony/question.ts';
import type { StepContext } from '../ceremony/step.ts';
import { utc } from './dates.ts';
import { type Facts, need } from './facts.ts';
import { unfitForFirst } from './fit-for-first-import.ts';
import { checkNamedKey, keyForm, keyMissing } from './named-key.ts';
import type { Services } from './services.ts';

/** Asks for the key: the person chooses from a list or types a name. Asks nothing when the command line names the key. */
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

/** Gives the name of the key (id, ARN or alias) from the command line or the answer; an empty text before the answer. */
export function wantedKey({ key = '' }: Answers, { preset }: Services): string {
  return (preset.key ?? String(key)).trim();
}

/** Says why the named key cannot get its first material here; `undefined` when it can. */
async function whyUnfit(wanted: string, facts: Facts, services: Services): Promise<string | undefined> {
  const metadata = await checkNamedKey(services.session.clients.kms, wanted.trim(), facts.connection);
  // A string says why there is no such key here.
  if (typeof metadata === 'string') return metadata;
  const unfit = unfitForFirst({ metadata }, services, facts);
  return unfit === undefined ? undefined : `${unfit.why} ${unfit.next[0]}`;
}

/** Lists the keys of the Region that wait for material, page by page. A key that cannot be chosen says why. */
async function* keyOptions(facts: Facts, services: Services): AsyncGenerator<readonly Option[]> {
  const { region } = need(facts, 'connection');
  for await (const { keys } of streamExternalKeys(services.session.clients.kms, region, { keyState: 'PendingImport' }))
    if (keys.length > 0) yield keys.map(keyOption);
}

/**
 * Makes the option of one key: its alias or id, and as a hint its description and the day on which it was made. A key that takes no
 * first material says why instead of the hint.
 */
function keyOption(key: ExternalKey): Option {
  const { keyId, aliases, createdAt, description } = key;
  const label = aliases.toSorted()[0] ?? keyId;
  const disabled = whyNoFirstImport(key);
  if (disabled !== undefined) return { value: keyId, label, disabled };
  const creation = createdAt === undefined ? [] : [`made ${utc(createdAt).slice(0, 10)}`];
  // A row of the list has room for the beginning of a description.
  const descriptionStart = description === '' ? [] : [description.slice(0, 24).trim()];
  return { value: keyId, label, hint: [...descriptionStart, ...creation].join(', ') };
}

/**
 * Says in a few words why a key that waits for material takes no first material; `undefined` when it takes one.
 * {@link unfitForFirst} says it in full.
 */
function whyNoFirstImport({ keySpec, multiRegion, materials }: ExternalKey): string | undefined {
  if (keySpec !== 'SYMMETRIC_DEFAULT') return `a key of the kind ${keySpec}`;
  if (multiRegion === 'REPLICA') return 'a replica';
  return materials.length > 0 ? 'had material: keyferry reimport' : undefined;
}
