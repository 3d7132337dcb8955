import type { PanelContent } from '../../../ceremony/question.ts';
import type { Journey, OpenPanel } from '../journey.ts';
import type { JourneyEvent } from '../journey-events.ts';
import { keysPage } from './keys-page.ts';
import { commandsPage, tutorialPage, whyPage } from './pages.ts';

/** Gives the event that opens a page over the present stage, with its first row at the top. */
export function openPage({ stage, panel }: Journey, kind: OpenPanel['kind'], content: PanelContent): JourneyEvent {
  // While a page is open, the person does not see what the act below it does. So the page keeps when the act began. A page that
  // replaces another keeps the same time.
  const actingSince = stage.phase === 'acting' ? stage.since : panel?.actingSince;
  return { type: 'panel', panel: { kind, content, top: 0, ...(actingSince === undefined ? {} : { actingSince }) } };
}

/** Makes the page of each kind that a key opens. `isCut` says whether the screen below has no room for all its text. */
const pages: Readonly<Record<Exclude<OpenPanel['kind'], 'text'>, (journey: Journey, isCut: boolean) => PanelContent>> =
  {
    why: whyPage,
    tutorial: tutorialPage,
    keys: keysPage,
    commands: commandsPage,
  };

/**
 * Gives the event that opens the page of this kind, or closes it when it is open.
 * @param isCut true when the screen below has no room for all its text.
 */
export function togglePage(journey: Journey, kind: keyof typeof pages, isCut: boolean): JourneyEvent {
  if (journey.panel?.kind === kind) return { type: 'panel', panel: undefined };
  return openPage(journey, kind, pages[kind](journey, isCut));
}

/**
 * Gives the event that scrolls a page, at most to its beginning or its end.
 * @param direction -1 for up and 1 for down.
 * @param lastTop the index of the last row that can be at the top. `rows` is the height of the page.
 */
export function scrollPage(
  panel: OpenPanel,
  { by, direction }: { readonly by: 'line' | 'page' | 'all'; readonly direction: 1 | -1 },
  { lastTop, rows }: { readonly lastTop: number; readonly rows: number },
): JourneyEvent {
  // One row of the old page stays visible on the new page.
  const distances = { line: 1, page: Math.max(1, rows - 1), all: Number.MAX_SAFE_INTEGER };
  const top = Math.min(lastTop, Math.max(0, panel.top + direction * distances[by]));
  return { type: 'panel', panel: { ...panel, top } };
}

/**
 * Carries out an action of the last page. Gives the event that opens the action's page, or that shows its line above the other
 * lines. Gives no event when no action has this letter.
 * @param key the letter of the action.
 */
export function takePageAction(journey: Journey, key: string): readonly JourneyEvent[] {
  const { stage } = journey;
  if (stage.phase !== 'closing') return [];
  const result = stage.actions?.find((action) => action.key === key)?.act();
  if (result === undefined) return [];
  if (typeof result !== 'string') return [openPage(journey, 'text', result)];
  return [{ type: 'staged', stage: { ...stage, notice: result } }];
}
