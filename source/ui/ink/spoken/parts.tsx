import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import { Lines, say } from '../lines.tsx';

type TextboxProps = {
  readonly label: string;
  readonly edit: { readonly text: string; readonly cursor: number };
  readonly aside: string;
};

/**
 * Draws the text that is being typed, after its label. When the cursor is not at the end of the text, the line also says
 * before which characters the cursor is.
 * @param aside a few words in brackets, or an empty text.
 */
export function Textbox({ label, edit: { text, cursor }, aside }: TextboxProps) {
  const before = cursor < text.length ? `cursor before ${text.slice(cursor)}` : '';
  const asides = [aside, before].filter((part) => part !== '').join(', ');
  return (
    <Box aria-role="textbox">
      <Say lines={[`${label}${asides === '' ? '' : ` (${asides})`}: ${text}`]} />
    </Box>
  );
}

/** Draws a list. Draws nothing for an empty list. */
export function Items({ children }: { readonly children: ReactNode }) {
  if (Array.isArray(children) && children.length === 0) return null;
  return (
    <Box aria-role="list" flexDirection="column">
      {children}
    </Box>
  );
}

/** Draws one item of a list. */
export function Item({ children }: { readonly children: string }) {
  return (
    <Box aria-role="listitem">
      <Say lines={[children]} />
    </Box>
  );
}

/** Draws a sentence with its tick. */
export function Tick({ sentence, isTicked }: { readonly sentence: string; readonly isTicked: boolean }) {
  return (
    <Box aria-role="checkbox" aria-state={{ checked: isTicked }}>
      <Say lines={[sentence]} />
    </Box>
  );
}

/** Draws sentences, each on its own line. */
export function Say({ lines }: { readonly lines: readonly string[] }) {
  return lines.length === 0 ? <Text>{''}</Text> : <Lines lines={lines.map((line) => say(line))} />;
}
