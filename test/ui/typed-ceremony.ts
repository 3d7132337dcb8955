import type { Course } from '../../source/ceremony/ceremony.ts';
import type { Answers } from '../../source/ceremony/question.ts';
import type { Step } from '../../source/ceremony/step.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { KeySplitter } from '../../source/terminal/key-splitter.ts';
import { bareStep } from '../bare-step.ts';
import { type FakeServices, fakeCeremony } from './fake-ceremony.ts';
import { ScreenSession } from './screen-session.ts';

const down = '\u001B[B';
const up = '\u001B[A';
const left = '\u001B[D';
const home = '\u001B[H';
const esc = '\u001B[27u';
const backspace = '\u007F';
const paste = (text: string) => `\u001B[200~${text}\u001B[201~`;

/** What a person types on each screen of the whole ceremony: arrows, edits, UTF-8, pastes, pages, the way back. */
export const screens: readonly (readonly [shows: RegExp, keys: string])[] = [
  [/Where should the key go/, `${down}${down}${down}?${esc}${up}${up}${up}\r`],
  [/In which Region/, `\u0015eu-wést-1${left}${left}${left}${left}${backspace}e\r`],
  [/Which file/, `my🔑${backspace}${paste('.key\n')}\r`],
  [/decoded 32/, `${down}c\u001B[A\r`],
  [/What should the key be called/, `${paste('one\ntwo\r')}ments${home}pay\r`],
  [/I understand/, `${esc}\r  ${' '}\r`],
  [/Who may administer/, `sec${down}\rglass\r\r`],
  [/Create the key with this policy/, `${down}\r${down}${down}${esc}\u001B[A\r`],
  [/Which bucket/, `${paste('-3')}${down}${down}\r`],
  [/Which passphrase/, `gehéim🔑x${backspace}${paste('!')}\r`],
  [/Type the last 8/, ''],
];

const phrase = '6e2b90aa\r';

let heard = '';
/** The kinds of question that the ceremony of the other tests does not have. */
const choosing: Step<Facts, FakeServices> = bareStep('choosing', {
  title: 'Choosing',
  place: 'S3',
  lasting: true,
  questions: () => [
    {
      kind: 'choice',
      id: 'bucket',
      ask: 'Which bucket?',
      label: 'Bucket',
      form: 'a name',
      options: Array.from({ length: 40 }, (_, index) => ({ value: `b${index}`, label: `bucket-${index}` })),
    },
    {
      kind: 'secret',
      id: 'passphrase',
      ask: 'Which passphrase?',
      label: 'Passphrase',
      form: 'a passphrase',
      keep: (text) => {
        heard = text.use((bytes) => Buffer.from(bytes).toString());
      },
    },
  ],
  receipt: () => 'Chosen',
});

const ceremony: Course<Facts, FakeServices> = {
  ...fakeCeremony,
  steps: [...fakeCeremony.steps.slice(0, 5), choosing, ...fakeCeremony.steps.slice(6)],
};

/**
 * The ceremony typed from its beginning to its end.
 * @param arrive how keys get to the screen.
 * @param ahead which screens are typed ahead, in one go with the next.
 * @returns what came of it.
 */
export async function typed(
  arrive: (session: ScreenSession, keys: string) => Promise<void>,
  ahead: readonly boolean[] = [],
) {
  heard = '';
  const session = await ScreenSession.open({ ceremony });
  const run = session.run();
  run.catch(() => {});
  let group = '';
  for (const [index, [shows, keys]] of screens.entries()) {
    if (group === '') await session.until(shows);
    group += keys;
    // What waits for a phrase is not typed ahead, and the phrase does not count before it can have been read.
    if (ahead[index] === true && index < screens.length - 2) continue;
    await arrive(session, group);
    group = '';
  }
  while (!(await session.shown()).includes('ends in: 6')) {
    session.type('6');
    await session.settled(20);
  }
  await arrive(session, `\u0015${phrase}`);
  const { ended } = await run;
  await session.screen.close();
  const answers: Record<string, Answers> = Object.fromEntries(session.journal.state.answers);
  return { ended, heard, answers };
}

/** One key after the other, each when the screen has taken in the one before. */
export async function slowly(session: ScreenSession, keys: string): Promise<void> {
  for (const key of new KeySplitter().push(keys)) {
    session.type(key);
    await session.settled(8);
  }
}

/** What comes of it however the keys arrive. */
export const wanted = {
  ended: 'finished',
  heard: 'gehéim🔑!',
  answers: {
    connect: { source: 'practice', region: 'eu-west-1' },
    'secret-key': { file: 'my.key', convert: 'decode' },
    'describe-key': { alias: 'payments', acknowledge: true },
    permissions: {
      administrators: ['arn:aws:iam::000000000000:role/SecurityAudit', 'arn:aws:iam::000000000000:role/BreakGlass'],
    },
    policy: { proceed: 'create' },
    choosing: { bucket: 'b31', passphrase: 'given' },
    finish: { 'confirm-destroy': '6e2b90aa' },
  },
};
