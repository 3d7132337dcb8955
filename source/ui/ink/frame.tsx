import { Box, useIsScreenReaderEnabled } from 'ink';
import type { Symbols } from '../../terminal/symbols.ts';
import { blocksOf, type Place, textBlocks } from './blocks.tsx';
import { checklistLines } from './checklist.ts';
import { kindOf } from './fields/kinds.ts';
import { footerLine } from './footer.ts';
import { headerLines } from './header.ts';
import type { Journey } from './journey.ts';
import { listHasKeys } from './keys.ts';
import { frameRows, type Layout, layOut, leastRowsForRules, rowsAround } from './layout.ts';
import { blank, Lines, say, useSymbols } from './lines.tsx';
import { panelLines } from './panels/panel-view.ts';
import { share } from './row-budget.ts';
import { SpokenFrame } from './spoken/frame.tsx';

type Size = { readonly columns: number; readonly rows: number };

export type FrameProps = {
  readonly journey: Journey;
  readonly titles: readonly string[];
  readonly practice: boolean;
  readonly size: Size;
  /** The seconds since the present act began; `undefined` when they are not shown. */
  readonly seconds: number | undefined;
  /** Called with the value of the row to which a list moves its cursor. */
  readonly onPoint: (value: string) => void;
};

/**
 * Draws the whole live region: header, checklist, body and footer. An open page takes the place of checklist and body. A screen
 * reader gets {@link SpokenFrame} instead. The region is never larger than the screen.
 */
export function Frame(props: FrameProps) {
  const { journey, titles, seconds, onPoint } = props;
  const symbols = useSymbols();
  const spoken = useIsScreenReaderEnabled();
  const parts = layOutFrame(props, symbols);
  const { layout, header, bodyRows } = parts;
  if (spoken) return <SpokenFrame {...props} place={{ width: panelWidth(layout), rows: bodyRows }} />;
  const footer = footerRows(layout, journey, symbols);
  if (journey.panel !== undefined) {
    const page = panelLines(journey.panel, { width: panelWidth(layout), rows: bodyRows }, symbols);
    const height = bodyHeight(layout, page.length);
    return (
      <Box flexDirection="column" width={layout.width}>
        <Lines lines={header} />
        <Box paddingLeft={layout.hasChecklist ? 1 : 0} height={height}>
          <Lines lines={page} />
        </Box>
        <Lines lines={footer} />
      </Box>
    );
  }
  const { blocks, shares } = layOutBody(journey, parts, { symbols, seconds, onPoint });
  const usedRows = [...shares.values()].reduce((sum, { rows, hasGap }) => sum + rows + (hasGap ? 1 : 0), 0);
  const height = bodyHeight(layout, usedRows);
  const { step, stepIndex } = journey;
  const checklist = { titles, stepIndex, place: step?.place };
  return (
    <Box flexDirection="column" width={layout.width}>
      <Lines lines={header} />
      <Box height={height}>
        {layout.hasChecklist ? (
          <Box width={layout.checklistWidth} flexShrink={0}>
            <Lines lines={checklistLines(checklist, { width: layout.checklistWidth, rows: height ?? 0 }, symbols)} />
          </Box>
        ) : null}
        <Box flexDirection="column" width={layout.bodyWidth}>
          {blocks.map((block) => {
            const { rows, hasGap } = shares.get(block.id) ?? { rows: 0, hasGap: false };
            return rows === 0 ? null : (
              <Box key={`${journey.turn}/${block.id}`} flexDirection="column">
                {hasGap ? <Lines lines={[blank]} /> : null}
                {block.draw(rows)}
              </Box>
            );
          })}
        </Box>
      </Box>
      <Lines lines={footer} />
    </Box>
  );
}

/**
 * Gives the height of the body when its content needs `neededRows`. Gives `undefined` without a checklist: then the body is as
 * high as its content.
 */
function bodyHeight(layout: Layout, neededRows: number): number | undefined {
  return layout.hasChecklist ? frameRows(layout, neededRows + rowsAround) - rowsAround : undefined;
}

/** What the screen shows, and its size. */
type Shown = Pick<FrameProps, 'journey' | 'titles' | 'practice' | 'size'>;

/** Gives the layout, the header, and the most rows that the body can have between header and footer. */
export function layOutFrame({ journey, titles, practice, size }: Shown, symbols: Symbols) {
  const layout = layOut(size, titles.length);
  const header = headerLines(journey, { practice, steps: titles.length }, layout, symbols);
  const isLow = !layout.hasChecklist && layout.rows < leastRowsForRules;
  const footerLength = isLow ? 1 : 2;
  return { layout, header, bodyRows: Math.max(1, layout.rows - header.length - footerLength) };
}

/** Gives the blocks of the body, and the rows that each of them gets. */
function layOutBody(
  journey: Journey,
  { layout, bodyRows }: { readonly layout: Layout; readonly bodyRows: number },
  how: Pick<Place, 'symbols' | 'seconds' | 'onPoint'>,
) {
  const { bodyWidth: width, hasChecklist, isTall } = layout;
  const blocks = blocksOf(journey, { width, hasChecklist, isTall, isFocused: listHasKeys(journey), ...how });
  return { blocks, shares: share(blocks, bodyRows) };
}

/** True when the body has too few rows at this size for the whole text of its question, its problem or the last page. */
export function isTextCut(shown: Shown, symbols: Symbols): boolean {
  const { journey } = shown;
  const how = { symbols, seconds: undefined, onPoint: () => {} };
  const { blocks, shares } = layOutBody(journey, layOutFrame(shown, symbols), how);
  const { stage } = journey;
  // A field shows text of its own when the question is inside of it, or when it has a sentence to tick.
  const isTextInField =
    stage.phase === 'asking' &&
    (kindOf(stage.field).ask === 'inside' || (stage.field.kind === 'choice' && stage.field.isTicked !== undefined));
  // The last page is in the place of the field.
  const isLastPage = stage.phase === 'closing';
  const hasText = (id: string) => textBlocks.has(id) || (id === 'field' && (isTextInField || isLastPage));
  return blocks.some(({ id, want }) => hasText(id) && (shares.get(id)?.rows ?? 0) < want);
}

/** Gives the width of a page. A page has no checklist beside it, so that copied text contains only the page. */
export function panelWidth(layout: Layout): number {
  return layout.hasChecklist ? layout.width - 2 : layout.width;
}

/** Gives the rows of the footer: its line, and on most screens a rule or a blank row above it. */
function footerRows(layout: Layout, journey: Journey, symbols: Symbols) {
  if (layout.hasChecklist) {
    const line = footerLine(journey, layout.width - 2, symbols);
    return [say(symbols.rule.repeat(layout.width), 'aside'), [{ text: ' ' }, ...line]];
  }
  const line = footerLine(journey, layout.width, symbols);
  return layout.rows < leastRowsForRules ? [line] : [blank, line];
}
