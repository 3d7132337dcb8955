import { SpokenList } from '../../spoken/list.tsx';
import { Tick } from '../../spoken/parts.tsx';
import type { SpokenPlace } from '../field-kind.ts';
import type { ChoiceField } from './state.ts';

/** Renders the rows for a screen reader, and the sentence to tick before them. */
export function speakChoice({ question, options, rowValue, isTicked }: ChoiceField, place: SpokenPlace) {
  return (
    <>
      {question.tick === undefined ? null : <Tick sentence={question.tick.ask} isTicked={isTicked === true} />}
      <SpokenList {...place} list={options} rowValue={rowValue} />
    </>
  );
}
