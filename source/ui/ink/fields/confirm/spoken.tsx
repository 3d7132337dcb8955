import { Box } from 'ink';
import { Say } from '../../spoken/parts.tsx';
import type { ConfirmField } from './state.ts';

/** The question and its tick, as they are read out. */
export function speakConfirm({ question, ticked }: ConfirmField) {
  return (
    <Box aria-role="checkbox" aria-state={{ checked: ticked }}>
      <Say lines={[question.ask]} />
    </Box>
  );
}
