import { Box } from 'ink';
import { Say } from '../../spoken/parts.tsx';
import type { ConfirmField } from './state.ts';

/** Renders the question and its tick for a screen reader. */
export function speakConfirm({ question, isTicked }: ConfirmField) {
  return (
    <Box aria-role="checkbox" aria-state={{ checked: isTicked }}>
      <Say lines={[question.ask]} />
    </Box>
  );
}
