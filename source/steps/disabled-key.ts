import type { ChoiceQuestion } from '../ceremony/question.ts';

/** What an import means for a key that is, or was, Disabled: an import enables it. KMS API reference, ImportKeyMaterial. */
const choices = [
  { value: 'import', label: 'Import it, then disable the key again' },
  { value: 'leave-enabled', label: 'Import it, and leave the key enabled' },
] as const;

/**
 * Gives the form, the options and the first sentence of a question whether to import into a key. For a Disabled key the
 * person also chooses whether the key is disabled again.
 * @param disabled `is` or `was` when the key is Disabled or was so before; `undefined` for an enabled key.
 * @param label the one option for an enabled key.
 */
export function importChoices(
  disabled: 'is' | 'was' | undefined,
  label: string,
): Pick<ChoiceQuestion, 'form' | 'options'> & { readonly words: string } {
  if (disabled === undefined) return { form: 'import', options: [{ value: 'import', label }], words: '' };
  const words = `The key ${disabled} Disabled. An import enables it: whoever may use it can, until it is disabled again.\n`;
  return { form: 'import or leave-enabled', options: choices, words };
}
