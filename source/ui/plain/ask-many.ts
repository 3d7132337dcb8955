import type { ManyQuestion, Option } from '../../ceremony/question.ts';
import type { Reply } from '../reply.ts';
import { askLines, type Putting, takeAnswer } from './asking.ts';
import { filterList, showList, turnPage } from './list-lines.ts';
import { ShownList } from './shown-list.ts';

/**
 * Asks the person to choose several options. Numbers tick and untick, text filters the list or adds a value, Enter goes on.
 */
export async function askMany(putting: Putting<ManyQuestion>): Promise<Reply> {
  const { lineIo, asked } = putting;
  const { question, draft } = asked;
  const list = new ShownList(question.options);
  let chosen = Array.isArray(draft) ? (draft as readonly string[]) : (question.default ?? []);
  let wasShown = false;
  const mark = (option: Option) => (chosen.includes(option.value) ? '[x] ' : '[ ] ');
  const shown = question.shown ?? ((text: string) => text);
  const tellChosen = () =>
    lineIo.say(`Chosen: ${chosen.map((value) => shown(nameOf(list, value))).join(', ') || 'none'}.`);
  return askLines(putting, {
    async show() {
      const adds = question.typed === undefined ? '' : `, or adds the ${question.typed}`;
      if (!wasShown) lineIo.say(`Numbers tick and untick, such as: 1 3. Text filters${adds}.`);
      wasShown = true;
      await showList(lineIo, list, mark);
      tellChosen();
    },
    prompt: () => `Numbers, or Enter to go on with ${chosen.length} chosen:`,
    currentAnswer: () => chosen,
    async take(line) {
      const text = line.trim();
      if (text === '') return takeAnswer(putting, chosen);
      if (/^\d+([ ,]+\d+)*$/.test(text)) {
        const options = text.split(/[ ,]+/).map((number) => list.numbered(Number(number)));
        const problem = problemWith(options);
        if (problem !== undefined) lineIo.refused(problem, question.ask);
        else {
          chosen = options.reduce(toggleChosen, chosen);
          tellChosen();
        }
      } else if (text === 'more' || text === 'all') {
        await turnPage(lineIo, list, text, mark);
      } else if (question.typed !== undefined && question.check?.(text) === undefined) {
        chosen = [...chosen.filter((value) => value !== text), text];
        tellChosen();
      } else if (await filterList(list, text)) {
        await showList(lineIo, list, mark);
      } else {
        lineIo.refused(question.check?.(text) ?? `Nothing here is called ${text}.`, question.ask);
      }
      return undefined;
    },
  });
}

/**
 * Says why the first option that cannot be chosen cannot; `undefined` when all can. In place of an option stands `undefined`
 * where no row has the number that the person typed.
 */
function problemWith(options: readonly (Option | undefined)[]): string | undefined {
  for (const option of options) {
    if (option === undefined) return 'There is no such number.';
    if (option.disabled !== undefined) return `${option.label} cannot be chosen: ${option.disabled}.`;
  }
  return undefined;
}

function toggleChosen(chosen: readonly string[], option: Option | undefined): readonly string[] {
  if (option === undefined) return chosen;
  return chosen.includes(option.value) ? chosen.filter((other) => other !== option.value) : [...chosen, option.value];
}

function nameOf(list: ShownList, value: string): string {
  return list.pages.read.find((option) => option.value === value)?.label.replaceAll(/ +/g, ' ') ?? value;
}
