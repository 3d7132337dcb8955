import { Box, Text } from 'ink';
import type { ReactNode } from 'react';
import { Lines, say } from '../lines.tsx';

type TextboxProps = {
  readonly label: string;
  readonly edit: { readonly text: string; readonly cursor: number };
  readonly aside: string;
};

/** A line being typed; the cursor is at its end unless it is said to be elsewhere. */
export function Textbox({ label, edit: { text, cursor }, aside }: TextboxProps) {
  const before = cursor < text.length ? `cursor before ${text.slice(cursor)}` : '';
  const asides = [aside, before].filter((part) => part !== '').join(', ');
  return (
    <Box aria-role="textbox">
      <Say lines={[`${label}${asides === '' ? '' : ` (${asides})`}: ${text}`]} />
    </Box>
  );
}

/** A list; nothing for an empty one. */
export function Items({ children }: { readonly children: ReactNode }) {
  if (Array.isArray(children) && children.length === 0) return null;
  return (
    <Box aria-role="list" flexDirection="column">
      {children}
    </Box>
  );
}

/** One thing of a list. */
export function Item({ children }: { readonly children: string }) {
  return (
    <Box aria-role="listitem">
      <Say lines={[children]} />
    </Box>
  );
}

/** Sentences, each on a line of its own; nothing for none. */
export function Say({ lines }: { readonly lines: readonly string[] }) {
  return lines.length === 0 ? <Text>{''}</Text> : <Lines lines={lines.map((line) => say(line))} />;
}
