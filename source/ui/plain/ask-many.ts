import { takenText } from '../../ceremony/interview.ts';
import type { ManyQuestion, Option } from '../../ceremony/question.ts';
import { emptyListWords } from '../empty-list-words.ts';
import { filterOptions } from '../option-pages.ts';
import type { Reply } from '../reply.ts';
import { tickRows } from '../tick-rows.ts';
import { type AskContext, askLines, takeAnswer } from './asking.ts';
import { filterList, showList, turnPage } from './list-lines.ts';
import { ShownList } from './shown-list.ts';

/**
 * Asks the person to choose several options. Numbers tick and untick options. In a list of several rows that does not come in
 * pages, `tick all` and `tick none` do it for all rows that match the filter. `more` and `all` turn the page. Other text adds a
 * value when the question allows typed values and this one is valid; otherwise the text filters the list. Enter alone answers with
 * the ticked values.
 */
export async function askMany(context: AskContext<ManyQuestion>): Promise<Reply> {
  const { lineIo, asked } = context;
  const { question, draft } = asked;
  let chosen = Array.isArray(draft) ? (draft as readonly string[]) : (question.default ?? []);
  const { options } = question;
  const comesInPages = typeof options === 'function';
  const list = new ShownList(comesInPages ? options : chosenFirst(options, chosen));
  const canTickAll = !comesInPages && options.length > 1;
  let isHelpShown = false;
  const mark = (option: Option) => (chosen.includes(option.value) ? '[x] ' : '[ ] ');
  const shown = question.shown ?? ((text: string) => text);
  /** Prints the chosen values, and what they come to. */
  const tellChosen = async () => {
    lineIo.say(`Chosen: ${chosen.map((value) => shown(labelOf(list, value))).join(', ') || 'none'}.`);
    const tally = chosen.length === 0 ? undefined : await tallyOf(question, chosen);
    if (tally !== undefined) lineIo.say(tally);
  };
  return askLines(context, {
    async show() {
      const adds = question.typed === undefined ? '' : `, or adds the ${question.typed}`;
      const all = canTickAll ? ' Type "tick all" or "tick none" for all rows.' : '';
      if (!isHelpShown) lineIo.say(`Numbers tick and untick, such as: 1 3.${all} Text filters${adds}.`);
      isHelpShown = true;
      await showList(lineIo, list, mark, emptyListWords(question));
      await tellChosen();
    },
    prompt: () => `Numbers, or Enter to go on with ${chosen.length} chosen:`,
    currentAnswer: () => chosen,
    async take(line) {
      const text = line.trim();
      if (text === '') {
        // When the check refuses the chosen values and knows the right ones, those are chosen now, for the next Enter.
        return takeAnswer(context, chosen, (rightValues) => {
          chosen = rightValues;
        });
      }
      // Matches numbers with spaces or commas between them.
      if (/^\d+([ ,]+\d+)*$/.test(text)) {
        const typedOptions = text.split(/[ ,]+/).map((number) => list.optionWithNumber(Number(number)));
        const problem = findProblem(typedOptions);
        if (problem !== undefined) lineIo.refuse(problem, question.ask);
        else {
          chosen = typedOptions.reduce(toggleChosen, chosen);
          await tellChosen();
        }
      } else if (canTickAll && (text === 'tick all' || text === 'tick none')) {
        chosen = tickRows(filterOptions(list.pages.options, list.filter), chosen, text === 'tick all');
        await tellChosen();
      } else if (text === 'more' || text === 'all') {
        await turnPage(lineIo, list, text, mark);
      } else if (question.typed !== undefined && question.check?.(takenText(question, text)) === undefined) {
        const value = takenText(question, text);
        chosen = [...chosen.filter((other) => other !== value), value];
        await tellChosen();
      } else if (await filterList(list, text)) {
        await showList(lineIo, list, mark);
      } else {
        lineIo.refuse(question.check?.(text) ?? `Nothing here is called ${text}.`, question.ask);
      }
      // Only Enter alone ends the question. After any other line, the question needs another one.
      return undefined;
    },
  });
}

/**
 * Says why one of these options cannot be chosen; `undefined` when all can be.
 * @param options the option of each typed number; `undefined` when no option has the number.
 */
function findProblem(options: readonly (Option | undefined)[]): string | undefined {
  for (const option of options) {
    if (option === undefined) return 'There is no such number.';
    if (option.disabled !== undefined) return `${option.label} cannot be chosen: ${option.disabled}.`;
  }
  return undefined;
}

/** Gives the options with those first that are chosen. */
function chosenFirst(options: readonly Option[], chosen: readonly string[]): readonly Option[] {
  const isChosen = ({ value }: Option) => chosen.includes(value);
  return [...options.filter(isChosen), ...options.filter((option) => !isChosen(option))];
}

/** Gives the chosen values with this option's value added, or removed when it is chosen already. No option changes nothing. */
function toggleChosen(chosen: readonly string[], option: Option | undefined): readonly string[] {
  if (option === undefined) return chosen;
  return chosen.includes(option.value) ? chosen.filter((other) => other !== option.value) : [...chosen, option.value];
}

/** Says what the chosen values come to; `undefined` when the question does not say it, or after an error. */
async function tallyOf({ tally }: ManyQuestion, chosen: readonly string[]): Promise<string | undefined> {
  return tally?.(chosen, new AbortController().signal).catch(() => undefined);
}

/** Gives the label of the option with this value. A typed value that no option has is its own label. */
function labelOf(list: ShownList, value: string): string {
  return list.pages.options.find((option) => option.value === value)?.label.replaceAll(/ +/g, ' ') ?? value;
}
