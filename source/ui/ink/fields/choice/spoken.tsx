import { SpokenList } from '../../spoken/list.tsx';
import type { SpokenPlace } from '../field-kind.ts';
import type { ChoiceField } from './state.ts';

/** The rows, as they are read out. */
export function speakChoice({ options, at }: ChoiceField, place: SpokenPlace) {
  return <SpokenList {...place} list={options} at={at} />;
}
