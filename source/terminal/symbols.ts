/** Each sign in two forms: Unicode, then ASCII. */
const forms = {
  done: ['✔', '+'],
  current: ['❯', '>'],
  todo: [' ', '-'],
  problem: ['x', 'x'],
  caution: ['!', '!'],
  yes: ['✔', 'y'],
  no: ['-', '-'],
  rule: ['─', '-'],
  dot: ['·', '|'],
  cursor: ['▏', '_'],
  ellipsis: ['…', '~'],
  upDown: ['↑↓', 'up/down'],
  barFull: ['█', '#'],
  barEmpty: ['░', '.'],
  joint: ['─', '-'],
} as const;

/** The signs in the form that a terminal can show. */
export type Symbols = { readonly [Name in keyof typeof forms]: string };

/** Gives every sign in one form. */
const takeForm = (index: 0 | 1): Symbols =>
  Object.fromEntries(Object.entries(forms).map(([name, both]) => [name, both[index]])) as Symbols;

const unicodeSymbols = takeForm(0);
const asciiSymbols = takeForm(1);

/** Gives the signs that this terminal can show. */
export function symbolsFor({ unicode }: { readonly unicode: boolean }): Symbols {
  return unicode ? unicodeSymbols : asciiSymbols;
}
