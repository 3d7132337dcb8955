import type { Outcome } from '../outcome.ts';
import { type Putting, putQuestion, said, taken } from './asking.ts';

/** Asks for one line of text: Enter alone takes what stands in brackets. */
export async function askText(putting: Putting): Promise<Outcome> {
  const { desk, asked } = putting;
  const { question, draft } = asked;
  if (question.kind !== 'text' && question.kind !== 'file') throw new Error(`${question.kind} is no text`);
  const standing = typeof draft === 'string' ? draft : question.default;
  const example = question.placeholder === undefined ? '' : `, such as ${question.placeholder}`;
  const prompt = `${question.label}${standing === undefined || standing === '' ? example : ` [${question.shown?.(standing) ?? standing}]`}:`;
  putQuestion(putting);
  for (;;) {
    const heard = await said(putting, prompt, standing ?? '');
    if (heard === 'again') {
      putQuestion(putting);
      continue;
    }
    if ('outcome' in heard) return heard.outcome;
    // Two quotes are the empty text where something stands in brackets already.
    const answer = heard.text === '' ? (standing ?? '') : heard.text.trim() === '""' ? '' : heard.text;
    const outcome = await taken(putting, answer);
    if (outcome === undefined) continue;
    const notice = question.notice?.(answer);
    if (notice !== undefined && notice !== '' && notice !== answer) desk.say(`= ${notice}`);
    return outcome;
  }
}

/** Asks to type a phrase exactly, to show that it is meant. What was typed before the question stood does not count. */
export async function askPhrase(putting: Putting): Promise<Outcome> {
  const { desk, asked } = putting;
  const { question } = asked;
  if (question.kind !== 'phrase') throw new Error(`${question.kind} is no phrase`);
  desk.onPurpose();
  putQuestion(putting);
  for (;;) {
    const heard = await said(putting, `${question.label}, or Enter alone for ${question.decline}:`, question.decline);
    if (heard === 'again') putQuestion(putting);
    else if ('outcome' in heard) return heard.outcome;
    else {
      const outcome = await taken(putting, heard.text.trim() === '' ? question.decline : heard.text.trim());
      if (outcome !== undefined) return outcome;
    }
  }
}

/** Asks for a tick: yes, or no where that is possible. */
export async function askTick(putting: Putting): Promise<Outcome> {
  const { desk, asked } = putting;
  const { question, draft } = asked;
  if (question.kind !== 'confirm') throw new Error(`${question.kind} is no tick`);
  const must = question.mustTick === true;
  const standing = must ? false : (draft ?? question.default) === true;
  const prompt = must ? 'Type yes to tick it:' : `yes or no, Enter for ${standing ? 'yes' : 'no'}:`;
  putQuestion(putting);
  for (;;) {
    const heard = await said(putting, prompt, standing);
    if (heard === 'again') {
      putQuestion(putting);
      continue;
    }
    if ('outcome' in heard) return heard.outcome;
    const word = heard.text.trim().toLowerCase();
    if (word !== 'yes' && word !== 'no' && (word !== '' || must)) {
      desk.refused(must ? 'Nothing goes on without the tick. Type yes.' : 'Type yes or no.', question.ask);
      continue;
    }
    const outcome = await taken(putting, word === '' ? standing : word === 'yes');
    if (outcome !== undefined) return outcome;
  }
}
