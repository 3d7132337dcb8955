import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TerminalSession } from '../test/e2e/terminal-session.ts';
import { passphrase, screens } from '../test/e2e/walk.ts';
import { newFolder } from '../test/new-folder.ts';
import { Film } from './film-svg.ts';
import { screenAsSvg } from './screen-svg.ts';

const enter = '\r';

/** The screens that are also kept as stills, by their words. */
const stills: Readonly<Record<string, readonly [name: string, title: string]>> = {
  'Where should the key go?': ['connection', 'The first screen: practice AWS, or an account'],
  'Who may administer the key?': ['permissions', 'Choosing who administers the key'],
  'Create the key with this policy?': ['policy', 'The key policy as a table'],
  'How should the secret be wrapped?': ['wrapping-key', 'Choosing a wrapping key'],
  'Should the material expire?': ['import', 'Before the import'],
  'payments-2026 is Enabled': ['done', 'What exists now, and what is left to do'],
};

/** What is typed shows at once, but for a passphrase, of which only the length does. */
const shownOf = (typed: string, length: number) =>
  typed === passphrase ? `${length} character` : typed === ' ' ? '[x]' : typed.slice(0, length).trimEnd();

/** How long a screen of the film stays, for someone who reads it, and each letter that is typed. */
const readingSeconds = 2.4;
const letterSeconds = 0.09;

const keep = (name: string, svg: string) => {
  writeFileSync(fileURLToPath(new URL(`${name}.svg`, import.meta.url)), svg);
  console.log(`media/${name}.svg`);
};

const session = new TerminalSession([], { cwd: newFolder() });
const film = new Film(session);
for (const [shows, keys] of [
  ['Where should the key go?', enter],
  ...screens,
  ['payments-2026 is Enabled', enter],
] as const) {
  await session.shows(shows);
  const still = stills[shows];
  if (still !== undefined) keep(still[0], screenAsSvg(session, still[1]));
  film.shoot(readingSeconds);
  const typed = keys.slice(0, -enter.length);
  for (let length = 1; length <= typed.length; length += 1) {
    session.send(typed.charAt(length - 1));
    await session.shows(shownOf(typed, length));
    film.shoot(length === typed.length ? readingSeconds / 3 : letterSeconds);
  }
  session.send(enter);
}
keep('ceremony', film.asSvg('A whole ceremony on practice AWS, from the first screen to the last'));
process.exitCode = await session.ends();
