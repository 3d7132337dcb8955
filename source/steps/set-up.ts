import type { Journal } from '../ceremony/journal.ts';
import { videoUrl } from './article.ts';
import { need } from './facts.ts';
import type { KeyferryStep } from './services.ts';
import type { SetUp } from './set-up-fact.ts';
import type { StepId } from './step-id.ts';

// Pages: KMS developer guide, "Importing key material for AWS KMS keys".

/** Asks a person how much to be asked. Only ceremonies that lead a person have this step. */
export const setUp: KeyferryStep = {
  id: 'set-up',
  asks: ['kind'],
  mayLeaveQuestionsUnasked: true,
  needs: [],
  provides: ['setUp'],
  title: 'Set-up',
  done: 'Set-up chosen',
  place: 'you',
  lasting: false,
  why: 'A secret of 256 bits is made or brought, backed up, wrapped so that only KMS can open it, and imported. You keep the only copy that can bring it back.',
  goesWrong: [
    'Nothing yet. The recommended set-up takes the usual choices for you, and shows each of them before anything is made in AWS: there you can change them.',
    `"As in the video" follows a tutorial, ${videoUrl}, and says at each step what is out of date there.`,
  ],

  questions({ services }) {
    if (services.preset.setUp !== undefined || isBegunWithout(services.journal)) return [];
    return [
      {
        kind: 'choice',
        id: 'kind',
        ask: 'How do you want to set it up?',
        label: 'Set-up',
        form: 'recommended, everything or video',
        options: [
          { value: 'recommended', label: 'Recommended', hint: 'asks for a name and a passphrase' },
          { value: 'everything', label: 'Choose everything', hint: 'people, policy, wrapping, expiry' },
          { value: 'video', label: 'As in the video', hint: 'the steps of a tutorial' },
        ],
        default: 'recommended',
      },
    ];
  },

  commands: () => [],

  act: async ({ answers, services }) => ({
    setUp: { kind: services.preset.setUp ?? (answers.kind as SetUp['kind'] | undefined) ?? 'everything' },
  }),

  receipt(facts) {
    return `Set-up: ${kindWords[need(facts, 'setUp').kind]}`;
  },
};

const kindWords: Readonly<Record<SetUp['kind'], string>> = {
  recommended: 'recommended',
  everything: 'choose everything',
  video: 'as in the video',
};

/** The steps that come before the choice of the set-up or make it. */
const stepsBefore: readonly string[] = ['connect', 'set-up'] satisfies readonly StepId[];

/**
 * Tells whether a step after `set-up` is done. When `set-up` itself is not, an earlier version or an answers file began the
 * ceremony without it. Then everything that is left is asked, as it was before.
 */
function isBegunWithout({ state }: Journal): boolean {
  return [...state.done.keys()].some((id) => !stepsBefore.includes(id));
}
