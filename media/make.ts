import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TerminalSession } from '../test/e2e/terminal-session.ts';
import { recommendedScreens, walkTo } from '../test/e2e/walk.ts';
import { newFolder } from '../test/new-folder.ts';
import { passphrase } from '../test/passphrase.ts';
import { Film } from './film-svg.ts';
import { screenAsSvg } from './screen-svg.ts';

const enter = '\r';

/** The screens of the film that are also kept as stills, by their words. */
const stills: Readonly<Record<string, readonly [name: string, title: string]>> = {
  'Is this what you want?': ['plan', 'Every choice on one page, before anything is made in AWS'],
  'Where should the first object go?': ['enabled', 'The key is Enabled, and works'],
  'payments-2026 is Enabled': ['done', 'What exists now, and what is left to do'],
};

/** What is typed shows at once, but for a passphrase, of which only the length does. */
const shownOf = (typed: string, length: number) =>
  typed === passphrase ? `${length} character` : typed === ' ' ? '[x]' : typed.slice(0, length).trimEnd();

/** How long a screen of the film stays, for someone who reads it, and each letter that is typed. */
const readingSeconds = 3;
const letterSeconds = 0.09;

const keep = (name: string, svg: string) => {
  writeFileSync(fileURLToPath(new URL(`${name}.svg`, import.meta.url)), svg);
  console.log(`media/${name}.svg`);
};

const session = new TerminalSession([], { cwd: newFolder() });
const film = new Film(session);
for (const [shows, keys] of [
  ['Where should the key go?', enter],
  ...recommendedScreens,
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
await session.ends();

// The recommended set-up does not stop at the policy.
const choosing = new TerminalSession(['--practice'], { cwd: newFolder() });
await walkTo(choosing, 'Create the key with this policy?');
keep('policy', screenAsSvg(choosing, 'The key policy as a table'));
choosing.kill('SIGKILL');
