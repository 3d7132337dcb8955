import type { Option, Question } from '../../ceremony/question.ts';
import type { OptionList } from './fields/option-list.ts';

/** Reads the pages of a question's options, if they come in pages, and shows each as it comes. */
export async function readOptions(
  question: Question,
  signal: AbortSignal,
  show: (list: OptionList) => void,
): Promise<void> {
  if ((question.kind !== 'choice' && question.kind !== 'many') || typeof question.options !== 'function') return;
  let options: readonly Option[] = [];
  try {
    for await (const page of question.options()) {
      if (signal.aborted) return;
      options = [...options, ...page];
      show({ options, state: 'loading' });
    }
    if (!signal.aborted) show({ options, state: 'complete' });
  } catch (error) {
    if (signal.aborted) return;
    // AWS gives its refusals a name and sometimes no message.
    const why = error instanceof Error ? error.name : String(error);
    show({ options, state: 'refused', why });
  }
}
