/** Control characters, and the marks that make a terminal show text in another order than it is stored. */
const unsafe = /[\u0000-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;
/**
 * Characters that take no place or look like a space, so that two names that differ look alike (Unicode, UAX #44
 * Default_Ignorable_Code_Point, Cf, Zl, Zp; and the Braille blank). Marks of another writing direction are among them.
 */
const invisible = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Zl}\p{Zp}\u2800]/gu;

/** What replaces signs on a terminal without Unicode. */
const asciiForms: ReadonlyMap<string, string> = new Map([
  ['…', '...'],
  ['–', '-'],
  ['—', '-'],
  ['·', '|'],
  ['→', '->'],
  ['’', "'"],
]);

/**
 * Makes a text from any source safe to show. Removes control characters, and shows the code of a character that nobody would
 * see, such as `<U+200B>`. Without `unicode`, also replaces all characters that are not ASCII. Names, paths and messages may
 * contain escape sequences, which could move the cursor or change what a person is about to confirm. Every text on the screen
 * passes through this function.
 */
export function printable(text: string, { unicode }: { readonly unicode: boolean }): string {
  const safe = text.replaceAll(invisible, (character) => `<U+${codeOf(character)}>`).replaceAll(unsafe, '');
  return unicode ? safe : safe.replaceAll(/[^\x20-\x7e]/gu, (character) => asciiForms.get(character) ?? '?');
}

/** Gives the code of a character as Unicode writes it: at least four hex digits. */
const codeOf = (character: string) => (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');

/** True when a text contains a character that nobody types on purpose, such as a newline or an escape. */
export function hasControls(text: string): boolean {
  return text.search(unsafe) !== -1;
}

/**
 * Makes a name from outside safe to show in a line with other words: shows the codes of its control characters too, such as
 * `<U+000A>` for a line break, so that no name looks like another, or like a line of its own.
 */
export function printableName(name: string): string {
  const marked = name.replaceAll(unsafe, (character) => `<U+${codeOf(character)}>`);
  return printable(marked, { unicode: true });
}

/** Makes a text of several lines safe to print. Keeps its line breaks. */
export function printableLines(text: string): string {
  return text
    .split('\n')
    .map((line) => printable(line, { unicode: true }))
    .join('\n');
}

/** Makes JSON text safe to print: unsafe and invisible characters, but not line breaks, become JSON escapes of the same value. */
export function printableJson(json: string): string {
  return [unsafe, invisible].reduce(
    (text, characters) => text.replaceAll(characters, (found) => (found === '\n' ? found : jsonEscapes(found))),
    json,
  );
}

/** Gives the JSON escape of each UTF-16 unit of a character. */
const jsonEscapes = (character: string) =>
  Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');
