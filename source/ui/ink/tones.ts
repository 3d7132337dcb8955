/** What a piece of text is for the person who reads the screen. It decides how much the text stands out. */
export type Tone =
  /** The title of a step, a page or a part of the last page; also the first sentence of a problem. */
  | 'title'
  | 'question'
  /** A text to read: why a step exists, help, a notice. */
  | 'note'
  /** The row under the cursor, the present step, and where the key is. */
  | 'current'
  /** A key in the footer, beside dim words. */
  | 'key'
  /** A hint that advises one of the choices, and what a person should keep. */
  | 'advice'
  /** A step that is done or to come. */
  | 'past'
  /** What may be overlooked: the words beside the keys of the footer, rules, counts, examples, a label that cannot be chosen. */
  | 'aside'
  /** Why a row cannot be chosen. */
  | 'reason'
  /** A tick, and the state of a key that works. */
  | 'good'
  | 'warning'
  | 'bad';

/** How a tone looks, as props of Ink's `Text`. */
type Look = { readonly bold?: true; readonly dimColor?: true; readonly color?: 'cyan' | 'green' | 'yellow' | 'red' };

/**
 * The look of each tone. Weight makes the order: bold first, then plain, then dim. Dim and bold are attributes of the terminal,
 * so that they fit a light background as well as a dark one; bright black, the other grey, is the background of some themes.
 * Nothing that a person must read is dim. A colour only repeats what a sign or a word says.
 */
export const looks: Readonly<Record<Tone, Look>> = {
  title: { bold: true },
  question: { bold: true },
  advice: { bold: true },
  note: {},
  key: {},
  reason: {},
  past: { dimColor: true },
  aside: { dimColor: true },
  current: { color: 'cyan' },
  good: { bold: true, color: 'green' },
  warning: { bold: true, color: 'yellow' },
  bad: { bold: true, color: 'red' },
};
