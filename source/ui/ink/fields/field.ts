import type { ChoiceField } from './choice/state.ts';
import type { ConfirmField } from './confirm/state.ts';
import type { ManyField } from './many/state.ts';
import type { PhraseField } from './phrase/state.ts';
import type { PickField } from './pick/state.ts';
import type { SecretField } from './secret/state.ts';
import type { TextField } from './text/state.ts';

/** The type of the state of each kind of field. */
type States = {
  readonly text: TextField;
  readonly choice: ChoiceField;
  readonly pick: PickField;
  readonly many: ManyField;
  readonly confirm: ConfirmField;
  readonly phrase: PhraseField;
  readonly secret: SecretField;
};

/** The kinds of field. */
export type Kind = keyof States;

/** The state of a field: its question, and what the person has typed, ticked or moved the cursor to so far. */
export type FieldState<Of extends Kind = Kind> = { [Each in Of]: { readonly kind: Each } & States[Each] }[Of];
