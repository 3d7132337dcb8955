import { before } from 'node:test';
import type { Services } from '../../source/steps/services.ts';
import { readTerminal } from '../../source/terminal/terminal-facts.ts';
import { passphrase } from '../passphrase.ts';
import { FakeInput } from '../terminal/fake-tty.ts';
import { textStream } from '../text-stream.ts';
import type { Transcript } from './transcript.ts';
import { testTranscripts } from './transcript-tests.ts';
import { type Walk, walkCeremonies } from './walked.ts';

/** What stands before a prompt, and the line that is typed there. */
const lines: readonly (readonly [shows: string, line: string])[] = [
  ['Where should the key go?', '?'],
  ['Number', 'c'],
  ['Number', '7'],
  ['Number', ''],
  ['In which Region?', 'moon'],
  ['Region', '<'],
  ['Where should the key go?', ''],
  ['In which Region?', ''],
  ['Which secret should the key be?', 'c'],
  ['Number', ''],
  ['Where may the plain key be', ''],
  ['What should the key be called?', 'payments 2026'],
  ['Alias', 'payments-2026'],
  ['What is it for?', 'Archive of payments'],
  ['Which tags should the key have?', 'team:payments'],
  ['A tag is KEY=VALUE', 'team=payments'],
  ['Chosen: team=payments', ''],
  ['Make it a multi-Region key.', ''],
  ['I understand the security', ''],
  ['Type yes', 'yes'],
  ['How should the backup be encrypted?', ''],
  ['Which passphrase should open the backup?', 'short'],
  ['Passphrase', passphrase],
  ['Type the passphrase once more.', 'correct horse'],
  ['', passphrase],
  ['Which kind of key policy?', ''],
  ['Who may administer the key?', 'c'],
  ['Numbers', 'glass'],
  ['Numbers', ''],
  ['Administrators may also delete this key', ''],
  ['Who may use the key?', ''],
  ['Create the key with this policy?', ''],
  ["Can't create", '9'],
  ['Number', '2'],
  ['How should the secret be wrapped?', ''],
  ['Who wraps the secret?', ''],
  ['Should the material expire?', 'c'],
  ['Number', ''],
  ['Who proves that the key works?', 'c'],
  ['Number', ''],
  ['Where should the first object go?', ''],
  ['What should the new bucket be called?', ''],
  ['What should be encrypted?', ''],
  ['Number, or Enter to leave', '2'],
  ['Number, or Enter to leave', ''],
  ['What is the passphrase of', passphrase],
  ['', ''],
  ['Number, or Enter to leave', ''],
  ['When should the material expire?', '2'],
  ['When should the material expire?', '90d'],
  ['This ends what does not expire now.', ''],
  ['Type yes', 'yes'],
  ['Which file holds a copy of the key?', ''],
  ['What is the passphrase of', passphrase],
  ['', ''],
  ['Number, or Enter to leave', ''],
  ['Should the material that comes back expire?', ''],
  ['', ''],
  ['What is the passphrase of', passphrase],
  ['', ''],
  ['Number, or Enter to leave', ''],
  ['Where should the objects go?', ''],
  ['Which bucket?', ''],
  ['Under which prefix?', '/in'],
  ['Prefix', '../in'],
  ['What should be encrypted?', '1'],
  ['Number, or Enter to leave', ''],
  ['Where should the key go?', ''],
  ['In which Region?', ''],
  ['Which KMS key should get its first material?', '?'],
  ['Number', 'c'],
  ['Number', '2'],
  ['Number', '1'],
  ['Import your key into this KMS key?', 'c'],
  ['Number', '2'],
  ['Number', ''],
  ['I understand the security', 'yes'],
  ['Which secret should the key be?', ''],
  ['Where may the plain key be', ''],
  ['How should the backup be encrypted?', ''],
  ['Which passphrase should open the backup?', passphrase],
  ['Type the passphrase once more.', passphrase],
  ['How should the secret be wrapped?', ''],
  ['Who wraps the secret?', ''],
  ['Should the material expire?', ''],
  ['Who proves that the key works?', ''],
  ['Where should the first object go?', '3'],
  ['Number, or Enter to leave', ''],
];

let walk: Walk;

before(async () => {
  const { openPlain } = await import('../../source/ui/plain/open-plain.ts');
  const ahead = [...lines];
  walk = await walkCeremonies(async (ceremony, { transcript, savedNow, practice, fail }) => {
    const { stdin, stdout } = typist(transcript, ahead, fail);
    const terminal = readTerminal({
      env: { LANG: 'C', TERM: 'dumb' },
      stdin: { isTTY: true },
      stdout: { isTTY: true, columns: 80 },
    });
    const screen = openPlain<Services>({
      terminal,
      stdin,
      stdout,
      ceremony,
      practice,
      onStop: () => {},
      onHangup: () => [],
      savedNow,
      process,
    });
    return { screen };
  });
});

/** A terminal in its own line mode, at which a person answers each prompt with the next line. */
function typist(transcript: Transcript, ahead: (readonly [shows: string, line: string])[], fail: (why: Error) => void) {
  const stdin = new FakeInput();
  let since = '';
  const stdout = textStream((text) => {
    transcript.write(text);
    since += text;
    if (text.endsWith('\n')) return;
    const [shows, line] = ahead.shift() ?? ['nothing more', ''];
    if (!since.replaceAll(/\s+/g, ' ').includes(shows)) {
      fail(new Error(`Expected "${shows}" before:\n${since}`));
      return;
    }
    since = '';
    setImmediate(() => {
      // The terminal echoes; in raw mode it does not.
      if (!stdin.isRaw) transcript.write(`${line}\n`);
      stdin.write(stdin.isRaw ? `${line}\r` : `${line}\n`);
    });
  });
  return { stdin, stdout };
}

testTranscripts(
  'plain',
  () => walk,
  (line) => /^(# | {2}--| *keyferry )/.test(line),
);
