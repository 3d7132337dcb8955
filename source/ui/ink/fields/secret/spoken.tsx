import { Textbox } from '../../spoken/parts.tsx';
import { emptyEdit } from '../editing.ts';
import type { SecretField } from './state.ts';
import { countText } from './view.tsx';

/** Renders a secret text being typed for a screen reader: never its characters, only how many there are. */
export function speakSecret({ question, secret }: SecretField) {
  return <Textbox label={question.label} edit={emptyEdit} aside={`${countText(secret.count)}, not read out`} />;
}
