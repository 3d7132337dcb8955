/** Each sign in two forms: Unicode and ASCII. */
const table = {
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

export type Symbols = { readonly [Name in keyof typeof table]: string };

const column = (form: 0 | 1): Symbols =>
  Object.fromEntries(Object.entries(table).map(([name, forms]) => [name, forms[form]])) as Symbols;

const unicode = column(0);
const ascii = column(1);

/** Gives the signs that this terminal can show. */
export function symbolsFor({ unicode: can }: { readonly unicode: boolean }): Symbols {
  return can ? unicode : ascii;
}
