import type { PanelContent } from '../../../ceremony/question.ts';
import { tableSentences } from '../../../ceremony/table-sentences.ts';
import { commandLines } from '../../command-lines.ts';
import { dangerLines, tutorialLines } from '../../lesson-lines.ts';
import { listProblemParts } from '../../problem-lines.ts';
import { closingTexts } from '../closing-line.ts';
import type { Journey, Stage } from '../journey.ts';
import { keysPage } from './keys-page.ts';

/**
 * Makes the page of `?`: why this step exists, what can go wrong, and where the tutorial is. At 80x24 it is one screen. When the
 * screen has no room for all of the last page, gives the last page instead. Without a step, gives the page of keys.
 * @param isCut true when the screen below has no room for all its text. Then the page has that text too.
 */
export function whyPage(journey: Journey, isCut: boolean): PanelContent {
  const { step, stage } = journey;
  if (stage.phase === 'closing' && isCut) return { title: stage.title, lines: closingTexts(stage) };
  if (step === undefined) return keysPage(journey);
  const notes = isCut ? textsOfStage(stage) : [];
  const { lesson } = step;
  return {
    title: `${step.title}: why`,
    lines: [
      step.why,
      '',
      ...(notes.length === 0 ? [] : [...notes, '']),
      ...dangerLines(step),
      ...(lesson === undefined ? [] : ['', 'In the tutorial', lesson.article]),
    ],
  };
}

/** Makes the page about the tutorial: where it shows this step, and what has changed since. */
export function tutorialPage({ step }: Journey): PanelContent {
  return {
    title: `${step?.title ?? 'Keyferry'}: the tutorial`,
    lines: step === undefined ? [] : tutorialLines(step),
  };
}

/**
 * Gives the texts of the problem, without its request id, or of the question on the screen; no texts at another stage. A small
 * screen leaves out some of them.
 */
function textsOfStage(stage: Stage): readonly string[] {
  if (stage.phase === 'problem')
    return listProblemParts(stage.problem).flatMap(({ part, text }) => (part === 'request' ? [] : [text]));
  if (stage.phase !== 'asking') return [];
  const { question } = stage.field;
  const { ask, help, table } = question;
  const tick = question.kind === 'choice' && question.tick !== undefined ? [question.tick.ask] : [];
  return [ask, ...tick, ...(help?.split('\n') ?? []), ...(table === undefined ? [] : tableSentences(table))];
}

/** Makes the page of commands that do the same by hand. A person can run them unchanged. */
export function commandsPage({ step, commands }: Journey): PanelContent {
  return { title: `${step?.title ?? 'Keyferry'}: the same by hand`, lines: commandLines(commands()) };
}
