import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises';
import { render } from 'ink-testing-library';
import type { Answer, Question } from '../../source/ceremony/question.ts';
import { readTerminal } from '../../source/terminal/terminal-facts.ts';
import { App } from '../../source/ui/ink/app.tsx';
import { Asker } from '../../source/ui/ink/asker.ts';
import { Conductor } from '../../source/ui/ink/conductor.ts';
import type { StepView } from '../../source/ui/ink/journey.ts';
import { JourneyStore } from '../../source/ui/ink/store.ts';
import type { Reply } from '../../source/ui/reply.ts';
import './fixed-size.ts';

const step: StepView = {
  id: 'step',
  title: 'Wrapping key',
  why: 'KMS lends you a public key for 24 hours.',
  goesWrong: ['ExpiredImportTokenException: fetch a new pair.'],
  lesson: { article: 'Section 8', video: 'Then.', showed: 'A zip file.', shows: 'Two files.' },
  place: 'you',
};

export const keys = {
  up: '\u001B[A',
  down: '\u001B[B',
  left: '\u001B[D',
  home: '\u001B[H',
  enter: '\r',
  esc: '\u001B[27u',
  tab: '\t',
  backspace: '\u007F',
  why: '\u0007',
  commands: '\u000F',
  stop: '\u0003',
  paste: (text: string) => `\u001B[200~${text}\u001B[201~`,
};

const env = { LANG: 'C.UTF-8', TERM: 'xterm' };
const terminal = readTerminal({ env, stdin: { isTTY: true }, stdout: { isTTY: true, columns: 100, rows: 24 } });

/** One question on the real screen, as ink-testing-library runs it: 100 columns, and keys that are not paced. */
export function asked(question: Question, draft?: Answer) {
  const store = new JourneyStore();
  const stops: string[] = [];
  const asker = new Asker({ store, savedNow: () => 'everything', discardKeys: () => {} });
  const conductor = new Conductor({
    store,
    asker,
    onStop: () => void stops.push('stopped'),
    savedNow: () => 'everything',
    copy: () => '',
    onSuspend: () => {},
    isCut: () => false,
    pageOf: () => ({ rows: 10, lastTop: 5 }),
  });
  store.dispatch({ type: 'entered', step, stepIndex: 1 });
  let outcome: Reply | Error | undefined;
  const ask = (next: Question, before?: Answer) =>
    asker
      .ask({
        question: next,
        draft: before,
        isFirst: true,
        back: 'question',
        commands: () => [{ says: 'Do it by hand', shell: 'aws kms list-keys' }],
      })
      .then(
        (came) => {
          outcome = came;
        },
        (error: Error) => {
          outcome = error;
        },
      );
  void ask(question, draft);
  const ink = render(
    <App {...{ store, conductor, terminal }} titles={['One', 'Two', 'Three']} practice={true} onHandOver={() => {}} />,
  );
  const shown = () => ink.lastFrame() ?? '';

  /** Waits until the last frame holds a text; the handlers of that frame are in place a few turns later. */
  const until = async (wanted: string | RegExp | (() => boolean)): Promise<string> => {
    const met = () =>
      typeof wanted === 'function'
        ? wanted()
        : typeof wanted === 'string'
          ? shown().includes(wanted)
          : wanted.test(shown());
    const end = performance.now() + 10_000;
    await turn();
    while (!met() && performance.now() < end) await pause(1);
    if (!met()) throw new Error(`Waited for ${wanted}, but there was:\n${shown()}`);
    await turn();
    await turn();
    await turn();
    return shown();
  };

  return {
    shown,
    until,
    stops,
    /** Presses keys one after the other, each when the one before has been taken in. */
    async press(...pressed: readonly string[]): Promise<void> {
      for (const key of pressed) {
        ink.stdin.write(key);
        for (let index = 0; index < 4; index += 1) await turn();
      }
    },
    /** Asks another question in its place, before the screen can show that nothing is asked. */
    askInstead(next: Question): void {
      asker.giveUp();
      void ask(next);
    },
    async outcome(): Promise<Reply | Error> {
      await until(() => outcome !== undefined);
      return outcome as Reply | Error;
    },
    get pending(): boolean {
      return outcome === undefined;
    },
  };
}
