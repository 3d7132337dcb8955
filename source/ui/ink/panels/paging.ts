import type { PanelContent } from '../../../ceremony/question.ts';
import type { Journey, OpenPanel } from '../journey.ts';
import type { JourneyEvent } from '../journey-events.ts';
import { commandsPage, whyPage } from './pages.ts';

/** Gives the event that opens a page over the present stage. */
export function openPage({ stage, panel }: Journey, kind: OpenPanel['kind'], content: PanelContent): JourneyEvent {
  const actingSince = stage.phase === 'acting' ? stage.since : panel?.actingSince;
  const over = actingSince === undefined ? {} : { actingSince };
  return { type: 'panel', panel: { kind, content, top: 0, ...over } };
}

/** Gives the event that opens the page of a key, or closes the page when it is open. */
export function togglePage(journey: Journey, kind: 'why' | 'commands'): JourneyEvent {
  if (journey.panel?.kind === kind) return { type: 'panel', panel: undefined };
  return openPage(journey, kind, kind === 'why' ? whyPage(journey) : commandsPage(journey));
}

/** Gives the event that scrolls a page, at most to its first or last row. `way` is -1 for up and 1 for down. */
export function scrollPage(
  panel: OpenPanel,
  { by, way }: { readonly by: 'line' | 'page' | 'all'; readonly way: 1 | -1 },
  { lastTop, rows }: { readonly lastTop: number; readonly rows: number },
): JourneyEvent {
  const step = by === 'line' ? 1 : by === 'page' ? Math.max(1, rows - 1) : Number.MAX_SAFE_INTEGER;
  const top = Math.min(lastTop, Math.max(0, panel.top + way * step));
  return { type: 'panel', panel: { ...panel, top } };
}

/** Carries out a way of the last page. Gives the event that opens a page, or that adds the result above the other lines. */
export function takeWay(journey: Journey, key: string): readonly JourneyEvent[] {
  const { stage } = journey;
  if (stage.phase !== 'closing') return [];
  const result = stage.ways?.find((way) => way.key === key)?.act();
  if (result === undefined) return [];
  if (typeof result !== 'string') return [openPage(journey, 'text', result)];
  const lines = stage.lines.includes(result) ? stage.lines : [result, '', ...stage.lines];
  return [{ type: 'staged', stage: { ...stage, lines } }];
}
