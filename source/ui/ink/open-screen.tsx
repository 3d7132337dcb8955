import { type Instance, render } from 'ink';
import type { Course } from '../../ceremony/ceremony.ts';
import type { Lend } from '../../ceremony/waiting.ts';
import type { Facts } from '../../steps/facts.ts';
import { copyNote, copySequence } from '../../terminal/clipboard.ts';
import { type Linker, type Links, makeLinker } from '../../terminal/hyperlinks.ts';
import { type HandOver, watchJobControl } from '../../terminal/job-control.ts';
import { Keystrokes } from '../../terminal/keystrokes.ts';
import { restoreSequence, watchLeaving } from '../../terminal/leaving.ts';
import { Lending, shareHandOver } from '../../terminal/lending.ts';
import { printable } from '../../terminal/printable.ts';
import { shortenEscapes } from '../../terminal/shorter-escapes.ts';
import { symbolsFor } from '../../terminal/symbols.ts';
import type { Terminal } from '../../terminal/terminal-facts.ts';
import { wrapForCopying } from '../../terminal/wrap-for-copying.ts';
import { describeLending } from '../lent-words.ts';
import type { Screen } from '../screen.ts';
import type { Saved } from '../stop-words.ts';
import { App } from './app.tsx';
import { Asker } from './asker.ts';
import { Conductor } from './conductor.ts';
import { isTextCut, layOutFrame, panelWidth } from './frame.tsx';
import { screenInterviewer } from './interviewer.ts';
import type { OpenPanel } from './journey.ts';
import { lastTop } from './panels/panel-view.ts';
import { JourneyStore } from './store.ts';
import { gateFor } from './typeahead.ts';

type OpenScreen<Services> = {
  readonly terminal: Terminal;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly ceremony: Course<Facts, Services>;
  readonly practice: boolean;
  /** Called when the person stops. After that, the question that was asked fails with {@link StoppedByPerson}. */
  readonly onStop: () => void;
  /** Called when a signal or a lost terminal ends the process. It releases locks and secrets, and gives the last lines. */
  readonly onHangup: () => readonly string[];
  /** What stopping now would leave. */
  readonly savedNow: () => Saved;
};

export { StoppedByPerson } from '../reply.ts';
export type { Screen } from '../screen.ts';

/**
 * Opens the screen. `settleEnvironment` must be called before this module is imported, because the libraries decide on
 * colours when they are loaded.
 */
export function openScreen<Services>(input: OpenScreen<Services>): Screen<Services> {
  const { terminal, stdin, stdout, ceremony, practice, onStop, onHangup, savedNow } = input;
  const store = new JourneyStore();
  const keystrokes = new Keystrokes(stdin);
  const titles = ceremony.steps.map(({ title }) => title);
  /** Gives what the screen shows now, at the present size of the terminal. */
  const shownNow = () => ({
    journey: store.journey(),
    titles,
    practice,
    size: { columns: terminal.columns(), rows: terminal.rows() },
  });
  /** Gives the height of an open page, and how far the page can be scrolled. */
  const pageOf = (panel: OpenPanel) => {
    const { layout, bodyRows: rows } = layOutFrame(shownNow(), symbolsFor(terminal));
    return { rows, lastTop: lastTop(panel, { width: panelWidth(layout), rows }) };
  };
  const isCut = () => !terminal.screenReader && isTextCut(shownNow(), symbolsFor(terminal));
  const copy = (text: string) => {
    stdout.write(copySequence(text, terminal.clipboard) ?? '');
    return copyNote(terminal.clipboard);
  };
  // Other programs get the terminal in two ways. Ctrl+Z gives it to the shell: that is `jobControl`. `lend` gives it to a program
  // that Keyferry starts, and `lending` counts these programs. Both ways first call `freeTerminal`, which removes the screen.
  // Until the app gives the function that removes the screen, there is no screen.
  let removeScreen: HandOver = async () => ({ resume: async () => {} });
  const freeTerminal = shareHandOver(() => removeScreen());
  const jobControl = watchJobControl(process, freeTerminal);
  const lending = new Lending();
  const asker = new Asker({ store, savedNow, discardKeys: () => keystrokes.discard() });
  const conductor = new Conductor({
    store,
    asker,
    onStop,
    savedNow,
    onSuspend: jobControl.suspend,
    isCut,
    pageOf,
    copy,
  });
  // Ink sets raw mode only after its first frame. Without raw mode, Enter would arrive as a line feed.
  stdin.setRawMode(true);
  // The terminal has echoed all input so far, such as a late answer to a question. Clears the line for the first frame.
  stdout.write('\r\u001B[K');
  let app: Instance | undefined;
  // One turn of the event loop later, the caller has asked its first question. Then the first frame already shows the
  // question. A second frame would come later, because Ink limits its frame rate.
  const mounted = new Promise<Instance>((resolve) => {
    setImmediate(() => {
      app = render(
        <App
          {...{ store, conductor, terminal, titles, practice }}
          onHandOver={(removeForAWhile) => {
            removeScreen = removeForAWhile;
          }}
        />,
        {
          stdin: keystrokes,
          stdout: shortenEscapes(stdout),
          interactive: true,
          exitOnCtrlC: false,
          patchConsole: false,
          incrementalRendering: true,
          maxFps: 15,
          isScreenReaderEnabled: terminal.screenReader,
        },
      );
      resolve(app);
    });
  });

  const stopWatching = watchLeaving(
    { stdin, stdout },
    {
      process,
      ignoresInterrupt: () => lending.takesInterrupt(),
      restore: () => {
        app?.clear();
        app?.unmount();
        stdin.setRawMode(false);
        stdout.write(restoreSequence + textWithoutScreen(onHangup(), terminal));
      },
    },
  );
  const lend: Lend = async (what) => {
    await (await mounted).waitUntilRenderFlush();
    const { resume } = await freeTerminal();
    const endLending = lending.begin();
    stdout.write(textWithoutScreen([describeLending(what)], terminal));
    return async () => {
      endLending();
      stdout.write(freshLine(terminal.columns()));
      // Keys that arrive now were typed for the other program.
      const dropped = keystrokes.dropArriving();
      await resume();
      await dropped;
    };
  };
  store.onCommitted(() => keystrokes.wake());
  // The gate holds back keys until the screen shows the question for them, and drops most keys that are typed during an act.
  keystrokes.setGate(gateFor(store));
  let links: Links = new Map();
  return {
    interviewer: screenInterviewer({ ceremony, store, asker, lend }),

    async ask(question, backAnswer) {
      store.dispatch({ type: 'entered', step: undefined, stepIndex: store.journey().stepIndex });
      for (;;) {
        const reply = await asker.ask({
          question,
          isFirst: false,
          back: backAnswer === undefined ? undefined : 'question',
          commands: () => [],
        });
        if (reply.kind === 'answer') return String(reply.answer);
        if (reply.kind === 'back' && backAnswer !== undefined) return backAnswer;
        // An option that leads elsewhere has no meaning outside of a step: asks again.
      }
    },

    async closing(page) {
      links = page.links ?? links;
      store.dispatch({ type: 'entered', step: undefined, stepIndex: ceremony.steps.length });
      await asker.closing(page);
    },

    async close(lastWords = []) {
      stopWatching();
      jobControl.stop();
      const mountedApp = await mounted;
      await mountedApp.waitUntilRenderFlush();
      await keystrokes.drain();
      mountedApp.clear();
      mountedApp.unmount();
      await mountedApp.waitUntilExit();
      keystrokes.destroy();
      const link = await makeLinker(links, terminal, stdout);
      stdout.write(textWithoutScreen(lastWords, terminal, link));
    },
  };
}

/**
 * Gives lines as text for the terminal while there is no screen: wrapped at the width of the terminal.
 * @param link turns words of a wrapped line into links; without it there are none.
 */
function textWithoutScreen(lines: readonly string[], terminal: Terminal, link: Linker = (line) => line): string {
  return lines
    .flatMap((line) => wrapForCopying(printable(line, terminal), terminal.columns()))
    .map((line) => `${link(line)}\n`)
    .join('');
}

/**
 * Gives a text that resets colours and moves the cursor to the beginning of an empty line, wherever another program left the
 * cursor. `columns` blanks end in the same line when the cursor was at its beginning, otherwise in the next line. CR then goes
 * to the beginning of that line, and the last sequence clears everything below.
 */
function freshLine(columns: number): string {
  return `\u001B[0m${' '.repeat(columns)}\r\u001B[J`;
}
