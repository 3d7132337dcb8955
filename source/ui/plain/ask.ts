import type { Question } from '../../ceremony/question.ts';
import type { Reply } from '../reply.ts';
import { askChoice } from './ask-choice.ts';
import { askConfirm } from './ask-confirm.ts';
import { askMany } from './ask-many.ts';
import { askPhrase } from './ask-phrase.ts';
import { askSecret } from './ask-secret.ts';
import { askText } from './ask-text.ts';
import type { AskContext } from './asking.ts';

type Kind = Question['kind'];

/** The questions of these kinds. */
type Of<Kinds extends Kind> = { [Each in Kinds]: { readonly kind: Each } & Extract<Question, { kind: Each }> }[Kinds];

const waysToAsk: { readonly [Each in Kind]: (context: AskContext<Of<Each>>) => Promise<Reply> } = {
  text: askText,
  file: askText,
  choice: askChoice,
  many: askMany,
  confirm: askConfirm,
  phrase: askPhrase,
  secret: askSecret,
};

/** Asks one question with the function for its kind. */
export function askQuestion<Kinds extends Kind>(context: AskContext<Of<Kinds>>): Promise<Reply> {
  return waysToAsk[context.asked.question.kind](context);
}
