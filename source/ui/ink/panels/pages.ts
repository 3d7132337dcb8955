import type { PanelContent } from '../../../ceremony/question.ts';
import { commandLines } from '../../command-lines.ts';
import { dangerLines, tutorialLines } from '../../lesson-lines.ts';
import { listProblemParts } from '../../problem-lines.ts';
import { tableSentences } from '../../table-sentences.ts';
import type { Journey, Stage } from '../journey.ts';
import { bindingsOf } from '../keys.ts';

/** Makes the page of `?`: why this step exists, what can go wrong, how the tutorial does it, and every key that works now. */
export function whyPage(journey: Journey): PanelContent {
  const { step, stage } = journey;
  if (step === undefined) return { title: 'Keys', lines: keyLines(journey) };
  const notes = textsOfStage(stage);
  return {
    title: `${step.title}: why`,
    lines: [
      step.why,
      '',
      ...(notes.length === 0 ? [] : [...notes, '']),
      ...dangerLines(step),
      '',
      ...tutorialLines(step),
      'Keys',
      ...keyLines(journey),
    ],
  };
}

/** Gives the texts of the problem or of the question on the screen. A small screen leaves out some of them. */
function textsOfStage(stage: Stage): readonly string[] {
  if (stage.phase === 'problem')
    return listProblemParts(stage.problem).flatMap(({ part, text }) => (part === 'request' ? [] : [text]));
  if (stage.phase !== 'asking') return [];
  const { ask, help, table } = stage.field.question;
  return [ask, ...(help?.split('\n') ?? []), ...(table === undefined ? [] : tableSentences(table))];
}

/** Makes the page of commands that do the same by hand. A person can run them unchanged. */
export function commandsPage({ step, commands }: Journey): PanelContent {
  return { title: `${step?.title ?? 'Keyferry'}: the same by hand`, lines: commandLines(commands()) };
}

/** Lists the keys of the screen under this page, and then the keys of the page itself. */
function keyLines(journey: Journey): readonly string[] {
  const below = { ...journey, panel: undefined, stopping: undefined };
  const page = { ...below, panel: { kind: 'text', top: 0, content: { title: '', lines: [] } } } as const;
  return [...keysOf(below), '', 'Keys on a page like this', ...keysOf(page)];
}

/** Gives a line for each key that works on this screen: its name and its effect. */
const keysOf = (journey: Journey) =>
  bindingsOf(journey).map(({ key, does }) => `${key.replace('↑↓', 'up, down').padEnd(14)} ${does}`);
