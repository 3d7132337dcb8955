import type { PanelContent } from '../../../ceremony/question.ts';
import type { Journey, OpenPanel } from '../journey.ts';
import type { JourneyEvent } from '../journey-events.ts';
import { commandsPage, whyPage } from './pages.ts';

/** Opens a page over what the screen shows. */
export function openedPage({ stage, panel }: Journey, kind: OpenPanel['kind'], content: PanelContent): JourneyEvent {
  const actingSince = stage.phase === 'acting' ? stage.since : panel?.actingSince;
  const over = actingSince === undefined ? {} : { actingSince };
  return { type: 'panel', panel: { kind, content, top: 0, ...over } };
}

/** Opens the page of a key, or closes it where it is open. */
export function toggledPage(journey: Journey, kind: 'why' | 'commands'): JourneyEvent {
  if (journey.panel?.kind === kind) return { type: 'panel', panel: undefined };
  return openedPage(journey, kind, kind === 'why' ? whyPage(journey) : commandsPage(journey));
}

/** Scrolls a page, at most to its first or last row. */
export function scrolledPage(
  panel: OpenPanel,
  { by, way }: { readonly by: 'line' | 'page' | 'all'; readonly way: 1 | -1 },
  { lastTop, rows }: { readonly lastTop: number; readonly rows: number },
): JourneyEvent {
  const step = by === 'line' ? 1 : by === 'page' ? Math.max(1, rows - 1) : Number.MAX_SAFE_INTEGER;
  const top = Math.min(lastTop, Math.max(0, panel.top + way * step));
  return { type: 'panel', panel: { ...panel, top } };
}

/** Gives the events for a letter on the last page: they open a page, or add a line above the others. */
export function takeWay(journey: Journey, key: string): readonly JourneyEvent[] {
  const { stage } = journey;
  if (stage.phase !== 'closing') return [];
  const result = stage.ways?.find((way) => way.key === key)?.act();
  if (result === undefined) return [];
  if (typeof result !== 'string') return [openedPage(journey, 'text', result)];
  const lines = stage.lines.includes(result) ? stage.lines : [result, '', ...stage.lines];
  return [{ type: 'staged', stage: { ...stage, lines } }];
}
