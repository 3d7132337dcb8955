import { Box } from 'ink';
import { Say } from '../../spoken/parts.tsx';
import type { ConfirmField } from './state.ts';

/** Renders the question and its tick for a screen reader. */
export function speakConfirm({ question, ticked }: ConfirmField) {
  return (
    <Box aria-role="checkbox" aria-state={{ checked: ticked }}>
      <Say lines={[question.ask]} />
    </Box>
  );
}
