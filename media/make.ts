import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TerminalSession } from '../test/e2e/terminal-session.ts';
import { newFolder } from '../test/new-folder.ts';
import { Film } from './film-svg.ts';
import { screenAsSvg } from './screen-svg.ts';

const enter = '\r';
const passphrase = 'correct horse battery staple';

/** Each scene: what the screen must show, under which name it is kept as a still (or none), and the keys that lead on. */
const scenes: readonly (readonly [shows: string, name: string | undefined, title: string, keys: string])[] = [
  ['Where should the key go?', 'connection', 'The first screen: practice AWS, or an account', enter],
  ['In which Region?', undefined, '', enter],
  ['Which secret should the key be?', undefined, '', enter],
  ['Where may the plain key be', undefined, '', enter],
  ['What should the key be called?', undefined, '', `payments-2026${enter}`],
  ['What is it for?', undefined, '', `Archive of payments${enter}`],
  ['I understand the security', undefined, '', ` ${enter}`],
  ['How should the backup be encrypted?', undefined, '', enter],
  ['Which passphrase should open the backup?', undefined, '', `${passphrase}${enter}`],
  ['Type the passphrase once more.', undefined, '', `${passphrase}${enter}`],
  ['Who may administer the key?', 'permissions', 'Choosing who administers the key', enter],
  ['Administrators may also delete this key', undefined, '', enter],
  ['Who may use the key?', undefined, '', enter],
  ['Create the key with this policy?', 'policy', 'The key policy as a table', enter],
  ['How should the secret be wrapped?', 'wrapping-key', 'Choosing a wrapping key', enter],
  ['Who wraps the secret?', undefined, '', enter],
  ['Should the material expire?', 'import', 'Before the import', enter],
  ['Where should the first object go?', undefined, '', enter],
  ['What should the new bucket be called?', undefined, '', enter],
  ['What should be encrypted?', undefined, '', enter],
  ['payments-2026 is Enabled', 'done', 'What exists now, and what is left to do', enter],
];

/** How long a screen of the film stays, for someone who reads it, and each letter that is typed. */
const readingSeconds = 2.4;
const letterSeconds = 0.09;

const keep = (name: string, svg: string) => {
  writeFileSync(fileURLToPath(new URL(`${name}.svg`, import.meta.url)), svg);
  console.log(`media/${name}.svg`);
};

const session = new TerminalSession([], { cwd: newFolder() });
const film = new Film(session);
for (const [shows, name, title, keys] of scenes) {
  await session.shows(shows);
  if (name !== undefined) keep(name, screenAsSvg(session, title));
  film.shoot(readingSeconds);
  const typed = keys.slice(0, -enter.length);
  for (let length = 1; length <= typed.length; length += 1) {
    session.send(typed.charAt(length - 1));
    await session.shows(typed === ' ' ? '[x]' : typed.slice(0, length).trimEnd());
    film.shoot(length === typed.length ? readingSeconds / 3 : letterSeconds);
  }
  session.send(enter);
}
keep('ceremony', film.asSvg('A whole ceremony on practice AWS, from the first screen to the last'));
process.exitCode = await session.ends();
