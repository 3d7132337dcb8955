import type { Option } from '../ceremony/question.ts';

// Pages: KMS API reference, ImportKeyMaterial; that it enables a disabled key was recorded.

/** The options for a key that is or was Disabled. An import enables such a key: KMS API reference, ImportKeyMaterial. */
const choices = [
  { value: 'import', label: 'Import it, then disable the key again' },
  { value: 'leave-enabled', label: 'Import it, and leave the key enabled' },
] as const;

/**
 * Gives parts of the question whether to import into a key: its form, its options, and `words`, the beginning of its help. For
 * a Disabled key the person also chooses whether Keyferry disables the key again.
 * @param disabled the verb for the sentence "The key ... Disabled": `is` when the key is Disabled, `was` when it was
 * Disabled before this ceremony; else `undefined`.
 * @param label the label of the only option for a key that was not Disabled.
 */
export function importChoices(
  disabled: 'is' | 'was' | undefined,
  label: string,
): { readonly form: string; readonly options: readonly Option[]; readonly words: string } {
  if (disabled === undefined) return { form: 'import', options: [{ value: 'import', label }], words: '' };
  const words = `The key ${disabled} Disabled. An import enables it: whoever may use it can, until it is disabled again.\n`;
  return { form: 'import or leave-enabled', options: choices, words };
}
