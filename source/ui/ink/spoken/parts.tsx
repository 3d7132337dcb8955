import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import { Lines, say } from '../lines.tsx';

type TextboxProps = {
  readonly label: string;
  readonly edit: { readonly text: string; readonly cursor: number };
  readonly aside: string;
};

/** Renders the line being typed; the cursor is at its end unless the text says another place. */
export function Textbox({ label, edit: { text, cursor }, aside }: TextboxProps) {
  const before = cursor < text.length ? `cursor before ${text.slice(cursor)}` : '';
  const asides = [aside, before].filter((part) => part !== '').join(', ');
  return (
    <Box aria-role="textbox">
      <Say lines={[`${label}${asides === '' ? '' : ` (${asides})`}: ${text}`]} />
    </Box>
  );
}

/** Renders a list; an empty list gives nothing. */
export function Items({ children }: { readonly children: ReactNode }) {
  if (Array.isArray(children) && children.length === 0) return null;
  return (
    <Box aria-role="list" flexDirection="column">
      {children}
    </Box>
  );
}

/** Renders one item of a list. */
export function Item({ children }: { readonly children: string }) {
  return (
    <Box aria-role="listitem">
      <Say lines={[children]} />
    </Box>
  );
}

/** Renders sentences, each on its own line. */
export function Say({ lines }: { readonly lines: readonly string[] }) {
  return lines.length === 0 ? <Text>{''}</Text> : <Lines lines={lines.map((line) => say(line))} />;
}
