import { listWaitingKeys, type WaitingKey } from '../aws/waiting-keys.ts';
import type { Answers, Option, Question } from '../ceremony/question.ts';
import type { StepContext } from '../ceremony/step.ts';
import { utc } from './dates.ts';
import type { Facts } from './facts.ts';
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

/** The keys of the Region that wait, as they are found; those that cannot be chosen say why. */
async function* keyOptions(facts: Facts, services: Services): AsyncGenerator<readonly Option[]> {
  for await (const page of listWaitingKeys(services.session.clients.kms))
    if (page.length > 0) yield page.map((key) => keyOption(key, facts, services));
}

function keyOption({ metadata, aliases }: WaitingKey, facts: Facts, services: Services): Option {
  const { KeyId = '', CreationDate, KeySpec, CurrentKeyMaterialId, Description = '' } = metadata;
  const label = [...aliases].sort()[0] ?? `${KeyId.slice(0, 8)}… ${Description.slice(0, 24)}`.trim();
  const unfit = unfitForFirst({ metadata }, services, facts);
  if (unfit === undefined)
    return {
      value: KeyId,
      label,
      ...(CreationDate === undefined ? {} : { hint: `made ${utc(CreationDate).slice(0, 10)}` }),
    };
  const reason =
    KeySpec !== 'SYMMETRIC_DEFAULT'
      ? `a key of the kind ${KeySpec}`
      : CurrentKeyMaterialId === undefined
        ? 'a replica'
        : 'had material: keyferry reimport';
  return { value: KeyId, label, disabled: reason };
}
