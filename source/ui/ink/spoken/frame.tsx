import { Box } from 'ink';
import type { Progress } from '../../../ceremony/step.ts';
import { symbolsFor } from '../../../terminal/symbols.ts';
import { listProblemParts, type ProblemLine } from '../../problem-lines.ts';
import { stopQuestion } from '../../stop-words.ts';
import { tableSentences } from '../../table-sentences.ts';
import { waysOn } from '../../ways-on.ts';
import type { SpokenPlace } from '../fields/field-kind.ts';
import { kindOf } from '../fields/kinds.ts';
import type { Asking, Journey } from '../journey.ts';
import { bindingsOf, listHasKeys } from '../keys.ts';
import { Lines } from '../lines.tsx';
import { panelLines } from '../panels/panel-view.ts';
import { SpokenList } from './list.tsx';
import { Item, Items, Say } from './parts.tsx';

/** What stands on a page beside its text. A listener knows no below. */
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
 * Draws the screen for a screen reader: without graphics, one statement a line, and the field last, where the cursor is. A
 * screen reader reads everything again at each change. Therefore the text is short, and only progress changes by itself, in
 * steps of ten per cent.
 */
export function SpokenFrame(props: Props) {
  const { journey, titles, practice, place } = props;
  const { stage, panel, where, step } = journey;
  const here = where === undefined ? [] : [where.region, `account ${where.account}`, where.who];
  return (
    <Box flexDirection="column">
      <Say lines={[['Keyferry', ...(practice || where?.practice === true ? ['practice'] : []), ...here].join(', ')]} />
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

/** Says which step this is. At the first question of a step, also names the steps that are done and those to do. */
function whereInCeremony({ step, stepIndex, stage }: Journey, titles: readonly string[]): readonly string[] {
  if (step === undefined) return [];
  const now = `Now: ${step.title}, step ${stepIndex + 1} of ${titles.length}.`;
  if (stage.phase !== 'asking' || !stage.isFirst) return [now];
  const named = (word: string, some: readonly string[]) => (some.length === 0 ? [] : [`${word}: ${some.join(', ')}.`]);
  return [
    [...named('Done', titles.slice(0, stepIndex)), now, ...named('To do', titles.slice(stepIndex + 1))].join(' '),
  ];
}

function keysLine(journey: Journey): string {
  const shown = bindingsOf(journey).filter(({ rank }) => rank !== undefined);
  return `Keys: ${shown.map(({ key, does }) => `${key === '↑↓' ? 'up and down' : key} ${does}`).join(', ')}.`;
}

function StageView({ journey, place, onPoint }: Props) {
  const { stage } = journey;
  const list = { rows: place.rows, onPoint, isFocused: listHasKeys(journey) };
  switch (stage.phase) {
    case 'asking':
      return <QuestionView asking={stage} place={list} />;
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
          <SpokenList {...list} list={waysOn(stage.problem, stage.saved)} rowValue={stage.rowValue} />
        </>
      );
    case 'closing':
      return <Say lines={[stage.title, ...stage.lines.filter((line) => line !== '')]} />;
    case 'between':
      return null;
  }
}

const problemWords: Readonly<Record<ProblemLine['part'], string>> = {
  what: 'Problem: ',
  why: '',
  state: '',
  next: 'Next: ',
  request: 'Request ',
};

function ProgressItem({ line: { label, note, state, bytes } }: { readonly line: Progress }) {
  const said = [label, ...(note === undefined ? [] : [note])].join(', ');
  if (bytes === undefined || state === 'done') return <Item>{`${state === 'done' ? 'Done' : 'Now'}: ${said}`}</Item>;
  const tenth = bytes.total === 0 ? 10 : Math.floor((bytes.done / bytes.total) * 10);
  return (
    <Box aria-role="progressbar">
      <Say lines={[`${said}, ${tenth * 10} %`]} />
    </Box>
  );
}

function QuestionView({ asking, place }: { readonly asking: Asking; readonly place: SpokenPlace }) {
  const { field, problem, isVerifying, notice } = asking;
  const { question } = field;
  const kind = kindOf(field);
  const table = question.table === undefined ? [] : tableSentences(question.table);
  const remarks = notice === undefined || notice === '' ? [] : [notice];
  const status = isVerifying ? ['Checking', ...remarks] : problem === undefined ? remarks : [`Problem: ${problem}`];
  return (
    <>
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
