import { Box } from 'ink';
import type { Progress } from '../../../ceremony/step.ts';
import { tableSentences } from '../../../ceremony/table-sentences.ts';
import { symbolsFor } from '../../../terminal/symbols.ts';
import { videoWords } from '../../lesson-lines.ts';
import { listProblemParts, type ProblemLine } from '../../problem-lines.ts';
import { stopQuestion } from '../../stop-words.ts';
import { waysOn } from '../../ways-on.ts';
import { closingTexts } from '../closing-line.ts';
import type { SpokenPlace } from '../fields/field-kind.ts';
import { kindOf } from '../fields/kinds.ts';
import type { Asking, Journey } from '../journey.ts';
import { bindingsOf, listHasKeys } from '../keys.ts';
import { Lines } from '../lines.tsx';
import { panelLines } from '../panels/panel-view.ts';
import { SpokenList } from './list.tsx';
import { Item, Items, Say } from './parts.tsx';

/** The signs of a page. The note about further lines is another than on the screen: "below" means nothing to a listener. */
const spokenSigns = { ...symbolsFor({ unicode: false }), more: (lines: number) => `Lines that follow: ${lines}.` };

type Props = {
  readonly journey: Journey;
  readonly titles: readonly string[];
  readonly practice: boolean;
  /** The columns and rows for a page or a list. */
  readonly place: { readonly width: number; readonly rows: number };
  readonly onPoint: (value: string) => void;
};

/**
 * Draws the screen for a screen reader: without graphics, one statement a line, and the field last, because the cursor is there.
 * Only a note about the last key and "Stop here?" come after the field. A screen reader reads everything again at each change.
 * Therefore the text is short, and only progress changes by itself, in steps of ten per cent.
 */
export function SpokenFrame(props: Props) {
  const { journey, titles, practice, place } = props;
  const { stage, panel, where, step } = journey;
  const whereabouts = where === undefined ? [] : [where.region, `account ${where.account}`, where.who];
  return (
    <Box flexDirection="column">
      <Say
        lines={[['Keyferry', ...(practice || where?.practice === true ? ['practice'] : []), ...whereabouts].join(', ')]}
      />
      <Say lines={whereInCeremony(journey, titles)} />
      {panel === undefined ? (
        <>
          <Say lines={stage.phase === 'asking' && stage.isFirst && step !== undefined ? [step.why] : []} />
          <Say lines={[keysLine(journey)]} />
          <StageView key={journey.turn} {...props} />
        </>
      ) : (
        <>
          <Lines lines={panelLines(panel, place, spokenSigns).filter((line) => line.length > 0)} />
          <Say lines={[keysLine(journey)]} />
        </>
      )}
      <Say lines={journey.said === undefined ? [] : [journey.said]} />
      <Say
        lines={
          journey.stopping === undefined
            ? []
            : [`${stopQuestion(journey.stopping)} Enter stops, any other key goes on.`]
        }
      />
    </Box>
  );
}

/**
 * Says which step this is. At the first question of a step, also names the steps that are done and the steps that follow, and
 * where the step is in the video, when the person follows it.
 */
function whereInCeremony({ step, stepIndex, stage, where }: Journey, titles: readonly string[]): readonly string[] {
  if (step === undefined) return [];
  const now = `Now: ${step.title}, step ${stepIndex + 1} of ${titles.length}.`;
  if (stage.phase !== 'asking' || !stage.isFirst) return [now];
  const words = where?.asInTheVideo === true ? videoWords(step.lesson) : undefined;
  const video = words === undefined ? [] : [words];
  const listOf = (heading: string, steps: readonly string[]) =>
    steps.length === 0 ? [] : [`${heading}: ${steps.join(', ')}.`];
  const done = listOf('Done', titles.slice(0, stepIndex));
  const toDo = listOf('To do', titles.slice(stepIndex + 1));
  return [[...done, now, ...toDo].join(' '), ...video];
}

/** Gives the line that names the keys that work now, but not those without a rank. */
function keysLine(journey: Journey): string {
  const shown = bindingsOf(journey).filter(({ rank }) => rank !== undefined);
  return `Keys: ${shown.map(({ key, does }) => `${key === '↑↓' ? 'up and down' : key} ${does}`).join(', ')}.`;
}

/** Draws the present stage: the question, the progress, the problem or the last page. */
function StageView({ journey, place, onPoint }: Props) {
  const { stage } = journey;
  const listPlace = { rows: place.rows, onPoint, isFocused: listHasKeys(journey) };
  switch (stage.phase) {
    case 'asking':
      return <QuestionView asking={stage} place={listPlace} />;
    case 'acting':
      return (
        <Items>
          {stage.lines.map((line) => (
            <ProgressItem key={line.id} line={line} />
          ))}
        </Items>
      );
    case 'problem':
      return (
        <>
          <Say lines={listProblemParts(stage.problem).map(({ part, text }) => problemWords[part] + text)} />
          <SpokenList {...listPlace} list={waysOn(stage.problem, stage.saved)} rowValue={stage.rowValue} />
        </>
      );
    case 'closing':
      return <Say lines={[stage.title, ...closingTexts(stage).filter((line) => line !== '')]} />;
    case 'between':
      return null;
  }
}

/** The words before each part of a problem. */
const problemWords: Readonly<Record<ProblemLine['part'], string>> = {
  what: 'Problem: ',
  why: '',
  state: '',
  next: 'Next: ',
  request: 'Request ',
};

/** Draws a line of progress. An upload says how much is done, in steps of ten per cent. */
function ProgressItem({ line: { label, note, state, bytes } }: { readonly line: Progress }) {
  const sentence = [label, ...(note === undefined ? [] : [note])].join(', ');
  if (bytes === undefined || state === 'done')
    return <Item>{`${state === 'done' ? 'Done' : 'Now'}: ${sentence}`}</Item>;
  const tenths = bytes.total === 0 ? 10 : Math.floor((bytes.done / bytes.total) * 10);
  return (
    <Box aria-role="progressbar">
      <Say lines={[`${sentence}, ${tenths * 10} %`]} />
    </Box>
  );
}

/**
 * Draws a question: its title, table and help first, then the question itself, then its check, problem or notice, and the field
 * last.
 */
function QuestionView({ asking, place }: { readonly asking: Asking; readonly place: SpokenPlace }) {
  const { field, problem, isVerifying, notice } = asking;
  const { question } = field;
  const kind = kindOf(field);
  const table = question.table === undefined ? [] : tableSentences(question.table);
  const notices = notice === undefined || notice === '' ? [] : [notice];
  const problems = problem === undefined ? notices : [`Problem: ${problem}`];
  const status = isVerifying ? ['Checking', ...notices] : problems;
  return (
    <>
      <Say lines={question.title === undefined ? [] : [question.title]} />
      <Items>
        {table.map((row) => (
          <Item key={row}>{row}</Item>
        ))}
      </Items>
      <Say lines={[...(question.help?.split('\n') ?? []), ...(kind.ask === 'inside' ? [] : [question.ask])]} />
      <Say lines={status} />
      {kind.speak(field, place)}
    </>
  );
}
