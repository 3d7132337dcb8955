import { Tick } from '../../spoken/parts.tsx';
import type { ConfirmField } from './state.ts';

/** Renders the question and its tick for a screen reader. */
export function speakConfirm({ question, isTicked }: ConfirmField) {
  return <Tick sentence={question.ask} isTicked={isTicked} />;
}
