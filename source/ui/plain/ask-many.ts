import type { Option } from '../../ceremony/question.ts';
import type { Outcome } from '../outcome.ts';
import { type Putting, putQuestion, said, taken } from './asking.ts';
import { filtered, showList, turn } from './list-lines.ts';
import { ShownList } from './shown-list.ts';

/** Asks to choose several: numbers tick and untick, text filters or adds, Enter goes on. */
export async function askMany(putting: Putting): Promise<Outcome> {
  const { desk, asked } = putting;
  const { question, draft } = asked;
  if (question.kind !== 'many') throw new Error(`${question.kind} is no list`);
  const list = new ShownList(question.options);
  let chosen = Array.isArray(draft) ? (draft as readonly string[]) : (question.default ?? []);
  const mark = (option: Option) => (chosen.includes(option.value) ? '[x] ' : '[ ] ');
  const shown = question.shown ?? ((text: string) => text);
  const tellChosen = () =>
    desk.say(`Chosen: ${chosen.map((value) => shown(nameOf(list, value))).join(', ') || 'none'}.`);
  putQuestion(putting);
  desk.say(
    `Numbers tick and untick, such as: 1 3. Text filters${question.typed === undefined ? '' : `, or adds the ${question.typed}`}.`,
  );
  await showList(desk, list, mark);
  tellChosen();
  for (;;) {
    const heard = await said(putting, `Numbers, or Enter to go on with ${chosen.length} chosen:`, chosen);
    if (heard === 'again') {
      putQuestion(putting);
      await showList(desk, list, mark);
      tellChosen();
      continue;
    }
    if ('outcome' in heard) return heard.outcome;
    const text = heard.text.trim();
    if (text === '') {
      const outcome = await taken(putting, chosen);
      if (outcome !== undefined) return outcome;
    } else if (/^\d+([ ,]+\d+)*$/.test(text)) {
      const options = text.split(/[ ,]+/).map((number) => list.numbered(Number(number)));
      const wrong = options.find((option) => option === undefined || option.disabled !== undefined);
      if (options.includes(undefined) || wrong !== undefined)
        desk.refused(
          wrong === undefined ? 'There is no such number.' : `${wrong.label} cannot be chosen: ${wrong.disabled}.`,
          question.ask,
        );
      else {
        for (const { value } of options as readonly Option[])
          chosen = chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value];
        tellChosen();
      }
    } else if (text === 'more' || text === 'all') {
      await turn(desk, list, text, mark);
    } else if (question.typed !== undefined && question.check?.(text) === undefined) {
      chosen = [...chosen.filter((value) => value !== text), text];
      tellChosen();
    } else if (await filtered(list, text)) {
      await showList(desk, list, mark);
    } else {
      desk.refused(question.check?.(text) ?? `Nothing here is called ${text}.`, question.ask);
    }
  }
}

function nameOf(list: ShownList, value: string): string {
  return list.pages.read.find((option) => option.value === value)?.label.replaceAll(/ +/g, ' ') ?? value;
}
