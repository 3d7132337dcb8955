import type { Option } from '../../ceremony/question.ts';
import type { Outcome } from '../outcome.ts';
import { type Putting, putQuestion, said, taken } from './asking.ts';
import { filtered, showList, turn } from './list-lines.ts';
import { ShownList } from './shown-list.ts';

/** Asks to choose one of a list by its number, its name, or Enter for the recommended one. */
export async function askChoice(putting: Putting): Promise<Outcome> {
  const { desk, asked } = putting;
  const { question, draft } = asked;
  if (question.kind !== 'choice') throw new Error(`${question.kind} is no choice`);
  const list = new ShownList(question.options);
  putQuestion(putting);
  await showList(desk, list);
  for (;;) {
    const standing = standingIn(list, typeof draft === 'string' ? draft : question.default);
    const enter = standing === undefined ? '' : `, Enter for ${standing.number}`;
    const prompt = list.pages.read.length === 0 ? `${question.label}:` : `Number${enter}:`;
    const heard = await said(putting, prompt, standing?.option.value ?? '');
    if (heard === 'again') {
      putQuestion(putting);
      await showList(desk, list);
      continue;
    }
    if ('outcome' in heard) return heard.outcome;
    const text = heard.text.trim();
    const option = text === '' ? standing?.option : optionFor(list, text);
    if (option !== undefined) {
      const outcome = await chosen(putting, option);
      if (outcome !== undefined) return outcome;
    } else if (text === 'more' || text === 'all') {
      await turn(desk, list, text);
    } else if (text === '') {
      desk.refused('Type the number of one.', question.ask);
    } else if (/^\d+$/.test(text) || !(await filtered(list, text))) {
      // A name that no page has shown may still be right: what can be checked can be typed.
      const typed = question.check === undefined || /^\d+$/.test(text) ? undefined : await taken(putting, text);
      if (typed !== undefined) return typed;
      if (question.check === undefined || /^\d+$/.test(text))
        desk.refused(`Nothing here is called ${text}.`, question.ask);
    } else {
      await showList(desk, list);
    }
  }
}

async function chosen(putting: Putting, option: Option): Promise<Outcome | undefined> {
  const { desk, asked } = putting;
  const label = option.label.replaceAll(/ +/g, ' ');
  if (option.disabled !== undefined) {
    desk.refused(`${label} cannot be chosen: ${option.disabled}.`, asked.question.ask);
    return undefined;
  }
  if (option.leads === undefined) return taken(putting, option.value);
  if (option.leads.action !== 'panel') return { kind: 'lead', lead: option.leads };
  const { title, lines } = option.leads.panel;
  desk.say('', title);
  desk.sayWhole(...lines);
  desk.say('');
  return undefined;
}

/** The recommended row, or the first that can be chosen, with its number. */
function standingIn(list: ShownList, value: string | undefined) {
  for (let number = 1; ; number += 1) {
    const option = list.numbered(number);
    if (option === undefined) return undefined;
    if (option.disabled === undefined && (value === undefined || option.value === value)) return { number, option };
  }
}

const spaced = (text: string) => text.replaceAll(/ +/g, ' ').toLowerCase();

function optionFor(list: ShownList, text: string): Option | undefined {
  if (/^\d+$/.test(text)) return list.numbered(Number(text));
  return list.pages.read.find(({ value, label }) => value === text || spaced(label) === spaced(text));
}
