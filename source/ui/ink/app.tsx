import { Static, useApp, useInput, usePaste, useWindowSize } from 'ink';
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { HandOver } from '../../terminal/job-control.ts';
import { symbolsFor } from '../../terminal/symbols.ts';
import type { Terminal } from '../../terminal/terminal-facts.ts';
import type { Conductor } from './conductor.ts';
import { Frame } from './frame.tsx';
import { actionFor } from './keys.ts';
import { Lines, linesWithSign, paragraph, UnicodeProvider } from './lines.tsx';
import type { JourneyStore } from './store.ts';

type Props = {
  readonly store: JourneyStore;
  readonly conductor: Conductor;
  readonly terminal: Terminal;
  readonly titles: readonly string[];
  readonly practice: boolean;
  /** Gets the function that removes the screen for a while and draws it again. */
  readonly onHandOver: (handOver: HandOver) => void;
};

/** Draws everything: the receipts, and below them the frame. Tells the store when a state of the journey is on the screen. */
export function App({ store, conductor, terminal, titles, practice, onHandOver }: Props) {
  const journey = useSyncExternalStore(store.subscribe, store.journey);
  const size = useWindowSize();
  const seconds = useSeconds(journey.stage.phase === 'acting' && terminal.motion ? journey.stage.since : undefined);
  const { suspendTerminal } = useApp();
  useEffect(() => onHandOver(() => suspendTerminal()), [onHandOver, suspendTerminal]);
  // React runs the effects of children before this one, so that the fields of this state already listen for keys.
  useEffect(() => store.noteCommitted(journey), [store, journey]);
  return (
    <UnicodeProvider value={terminal.unicode}>
      <Static items={[...journey.receipts]}>
        {(receipt, index) => <Lines key={index} lines={receiptLines(receipt, terminal)} />}
      </Static>
      <Keys store={store} conductor={conductor} />
      <Frame {...{ journey, titles, practice, size, seconds }} onPoint={(value) => conductor.point(value)} />
    </UnicodeProvider>
  );
}

/** Handles keys and pasted text. This component stands before the frame, so that it gets each key before a list does. */
function Keys({ store, conductor }: Pick<Props, 'store' | 'conductor'>) {
  useInput((input, key) => {
    const action = actionFor(store.journey(), input, key);
    if (action !== undefined) conductor.act(action);
  });
  usePaste((text) => conductor.paste(text));
  return null;
}

/** Gives the lines of a receipt, which stay above the frame. */
function receiptLines(receipt: string, terminal: Terminal) {
  if (terminal.screenReader) return paragraph(`Done: ${receipt}`, terminal.columns());
  return linesWithSign({ text: symbolsFor(terminal).done, tone: 'good' }, receipt, terminal.columns());
}

/**
 * Gives the whole seconds since the time `since`, and draws again each second. Gives `undefined` in the first second, and
 * without `since`.
 * @param since a time in milliseconds, as `performance.now()` tells it.
 */
function useSeconds(since: number | undefined): number | undefined {
  const [seconds, setSeconds] = useState<number>();
  useEffect(() => {
    setSeconds(undefined);
    if (since === undefined) return;
    const timer = setInterval(() => setSeconds(Math.floor((performance.now() - since) / 1000)), 1000);
    return () => clearInterval(timer);
  }, [since]);
  return seconds;
}
