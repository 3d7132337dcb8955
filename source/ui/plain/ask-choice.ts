import type { ChoiceQuestion, Option } from '../../ceremony/question.ts';
import type { Reply } from '../reply.ts';
import { isYes, noTickWords, tickPrompt } from './ask-confirm.ts';
import { type AskContext, askLines, takeAnswer } from './asking.ts';
import { filterList, showList, turnPage } from './list-lines.ts';
import { ShownList } from './shown-list.ts';

/**
 * Asks the person to choose an option by its number, its value or its label. Enter alone chooses the option that was chosen before
 * or is recommended, or the first that can be chosen when the question has neither. When that option was not read yet, or does not
 * match the filter, Enter alone is refused. `more` and `all` turn the page. Any other text filters the list; when it matches
 * nothing, it may be an answer itself.
 */
export async function askChoice(context: AskContext<ChoiceQuestion>): Promise<Reply> {
  const { lineIo, asked } = context;
  const { question, draft } = asked;
  const list = new ShownList(question.options);
  const recommended = () => findRecommended(list, typeof draft === 'string' ? draft : question.default);
  return askLines(context, {
    show: () => showList(lineIo, list),
    prompt() {
      const number = recommended()?.number;
      if (list.pages.options.length === 0) return `${question.label}:`;
      return `Number${number === undefined ? '' : `, Enter for ${number}`}:`;
    },
    currentAnswer: () => recommended()?.option.value ?? '',
    async take(line) {
      const text = line.trim();
      const option = text === '' ? recommended()?.option : findOption(list, text);
      if (option !== undefined) return takeOption(context, option);
      if (text === 'more' || text === 'all') await turnPage(lineIo, list, text);
      else if (text === '') lineIo.refuse('Type the number of one.', question.ask);
      else if (!isNumber(text) && (await filterList(list, text))) await showList(lineIo, list);
      else return takeName(context, text);
      return undefined;
    },
  });
}

const isNumber = (text: string) => /^\d+$/.test(text);

/**
 * Takes a text that matches no option that was read so far. When the question has a `check`, the text may still be a valid
 * answer. Otherwise, and for a number, tells the person that no option has this name.
 * @returns the reply, or `undefined` when the question needs another line.
 */
async function takeName(context: AskContext<ChoiceQuestion>, text: string): Promise<Reply | undefined> {
  const { lineIo, asked } = context;
  if (asked.question.check !== undefined && !isNumber(text)) return takeAnswer(context, text);
  lineIo.refuse(`Nothing here is called ${text}.`, asked.question.ask);
  return undefined;
}

/**
 * Takes the option that the person chose. The option gives an answer, shows a page, leads elsewhere, or cannot be chosen.
 * @returns the reply, or `undefined` when the question needs another line.
 */
async function takeOption(context: AskContext, option: Option): Promise<Reply | undefined> {
  const { lineIo, asked } = context;
  const label = option.label.replaceAll(/ +/g, ' ');
  if (option.disabled !== undefined) {
    lineIo.refuse(`${label} cannot be chosen: ${option.disabled}.`, asked.question.ask);
    return undefined;
  }
  if (option.leads === undefined)
    return (await isTicked(context, option)) ? takeAnswer(context, option.value) : undefined;
  if (option.leads.action !== 'panel') return { kind: 'lead', lead: option.leads };
  const { title, lines } = option.leads.panel;
  lineIo.say('', title);
  lineIo.sayWhole(...lines);
  lineIo.say('');
  return undefined;
}

/**
 * Asks for the tick that the option needs, and tells whether the person has set it. True for an option that needs none. Enter
 * alone does not set it.
 */
async function isTicked({ lineIo, asked: { question } }: AskContext, { value }: Option): Promise<boolean> {
  if (question.kind !== 'choice' || question.tick?.before !== value) return true;
  lineIo.say('', question.tick.ask);
  if (isYes(await lineIo.line(tickPrompt, question.ask))) return true;
  lineIo.refuse(noTickWords, question.ask);
  return false;
}

/**
 * Finds the option with this value, among those that match the filter and can be chosen. Without a value, finds the first of them.
 * @returns the option and its number in the list, or `undefined` when there is none.
 */
function findRecommended(list: ShownList, value: string | undefined) {
  for (let number = 1; ; number += 1) {
    const option = list.optionWithNumber(number);
    if (option === undefined) return undefined;
    if (option.disabled === undefined && (value === undefined || option.value === value)) return { number, option };
  }
}

/** Gives a label in a form that can be compared: in small letters, with single spaces. Some labels have aligned columns. */
const comparable = (label: string) => label.replaceAll(/ +/g, ' ').toLowerCase();

/**
 * Finds the option that a person means, among those that were read so far; `undefined` when there is none. A text of digits is the
 * number of an option; any other text is a value or a label.
 */
function findOption(list: ShownList, text: string): Option | undefined {
  if (isNumber(text)) return list.optionWithNumber(Number(text));
  return list.pages.options.find(({ value, label }) => value === text || comparable(label) === comparable(text));
}
