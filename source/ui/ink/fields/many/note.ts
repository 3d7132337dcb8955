import { completionWords } from '../../../completion-words.ts';
import { emptyListWords } from '../../../empty-list-words.ts';
import { isFiltered, isOnlyTyped, type ManyField, shownRows, typedValue } from './state.ts';

/**
 * Gives the note below the options. It has the names of files after Tab, or what Enter does with the typed value, or says that the
 * list is being read, could not be read, has no options, or none that matches. Gives `undefined` when there is nothing to say.
 */
export function noteOf(field: ManyField): string | undefined {
  const { question } = field;
  const { options, state, why } = field.list;
  if (field.names !== undefined) return completionWords(field.names);
  if (typedValue(field) !== undefined) {
    if (state === 'loading') return 'Reading on';
    return options.length === 0 ? 'Enter adds it.' : 'Not in the list. Enter adds it.';
  }
  if (state === 'loading' && options.length === 0) return 'Reading the list';
  if (state === 'refused') {
    const still = question.typed === undefined ? '' : ` You can still type: ${question.typed}.`;
    return `The list cannot be read: ${why ?? 'no answer'}.${still}`;
  }
  if (isFiltered(field)) return shownRows(field).length === 0 ? 'Nothing matches.' : undefined;
  return options.length === 0 ? emptyListWords(question) : undefined;
}

/** Gives the word before the text that is typed. Nothing can be filtered in an empty list. */
export const filterLabel = (field: ManyField) => (isOnlyTyped(field) ? 'Type' : 'Filter');
