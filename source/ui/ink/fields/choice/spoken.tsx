import { SpokenList } from '../../spoken/list.tsx';
import type { SpokenPlace } from '../field-kind.ts';
import type { ChoiceField } from './state.ts';

/** Renders the rows for a screen reader. */
export function speakChoice({ options, rowValue }: ChoiceField, place: SpokenPlace) {
  return <SpokenList {...place} list={options} rowValue={rowValue} />;
}
