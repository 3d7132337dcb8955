import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Services } from '../../source/steps/services.ts';
import { settleEnvironment } from '../../source/terminal/colour.ts';
import { readTerminal } from '../../source/terminal/terminal-facts.ts';
import { type Heard, Listener } from './listener.ts';
import { testTranscripts } from './transcript-tests.ts';
import { type Walk, walkCeremonies } from './walked.ts';

/** What is read out, and the keys that a person then presses. */
const keys: readonly Heard[] = [
  ['Where should the key go?', '?'],
  ['Connection: why', 't'],
  ['Connection: the tutorial', 'k'],
  ['to the shell', '<esc>'],
  ['Where should the key go?', 'c'],
  ['the same by hand', '<esc>'],
  ['Where should the key go?', '<ctrl+c>'],
  ['Stop here?', '<esc>'],
  ['Where should the key go?', '<enter>'],
  ['In which Region?', '<ctrl+o>'],
  ['the same by hand', '<esc>'],
  ['In which Region?', '<ctrl+u>moon<enter>'],
  ['Problem: A Region', '<esc>'],
  ['Where should the key go?', '<enter>'],
  ['In which Region?', '<ctrl+u>us-east-1<enter>'],
  ['Which secret should the key be?', '<enter>'],
  ['Where may the plain key be', '<enter>'],
  ['What should the key be called?', 'payments 2026<enter>'],
  ['Problem: An alias', '<ctrl+u>payments-2026<enter>'],
  ['What is it for?', 'Archive of payments<enter>'],
  ['Which tags should the key have?', '<enter>'],
  ['Make it a multi-Region key.', '<enter>'],
  ['I understand the security', '<space>'],
  ['(checked) I understand the security', '<enter>'],
  ['How should the backup be encrypted?', '<enter>'],
  ['Which passphrase should open the backup?', 'short<enter>'],
  ['Problem: This is guessed', '<ctrl+u>(passphrase)'],
  ['Strong:', '<enter>'],
  ['Type the passphrase once more.', '(passphrase)<enter>'],
  ['Which kind of key policy?', '<enter>'],
  ['Filter (1 chosen, 50', 'glass'],
  ['1 of 90 shown): glass', '<enter>'],
  ['Filter (2 chosen', '<enter>'],
  ['Administrators may also delete this key', '<enter>'],
  ['Filter (1 chosen, 50', '<enter>'],
  ['Create the key with this policy?', '<enter>'],
  ["Problem: Can't create the KMS key", '<down>'],
  ['(checked) Try again', '<enter>'],
  ['How should the secret be wrapped?', '<enter>'],
  ['Who wraps the secret?', '<enter>'],
  ['Should the material expire?', 'c'],
  ['the same by hand', '<space>'],
  ['the end', '<esc>'],
  ['Should the material expire?', '<enter>'],
  ['Who proves that the key works?', '<enter>'],
  ['Where should the first object go?', '<enter>'],
  ['What should the new bucket be called?', '<enter>'],
  ['What should be encrypted?', '<enter>'],
  ['is Enabled in us-east-1', 's'],
  ['Saved:', '<enter>'],
  ['What is the passphrase of', '(passphrase)<enter>'],
  ['Ask KMS whether', '<enter>'],
  ['Backup checked', '<enter>'],
  ['When should the material expire?', '<down>'],
  ['(checked) On a date', '<enter>'],
  ['When should the material expire?', '90d<enter>'],
  ['This ends what does not expire now.', '<space>'],
  ['(checked) This ends', '<enter>'],
  ['Filter (1 chosen', '<enter>'],
  ['What is the passphrase of', '(passphrase)<enter>'],
  ['Import material', '<enter>'],
  ['The expiry is changed', '<enter>'],
  ['Should the material that comes back', '<enter>'],
  ['Filter (1 chosen', '<enter>'],
  ['What is the passphrase of', '(passphrase)<enter>'],
  ['Import material', '<enter>'],
  ['The material is back', '<enter>'],
  ['Where should the objects go?', '<enter>'],
  ['Which bucket?', '<enter>'],
  ['Under which prefix?', '/in<enter>'],
  ['Problem: A prefix', '<ctrl+u>../in<enter>'],
  ['What should be encrypted?', '<up>'],
  ['(checked) Upload a sample', '<enter>'],
  ['The objects are encrypted', '<enter>'],
  ['Where should the key go?', '<enter>'],
  ['In which Region?', '<enter>'],
  ['(checked) alias/by-others', '<enter>'],
  ['Import your key into this KMS key?', '<down><enter>'],
  ['Key policy', '<esc>'],
  ['Import your key into this KMS key?', '<up><enter>'],
  ['I understand the security', '<space>'],
  ['(checked) I understand the security', '<enter>'],
  ['Which secret should the key be?', '<enter>'],
  ['Where may the plain key be', '<enter>'],
  ['How should the backup be encrypted?', '<enter>'],
  ['Which passphrase should open the backup?', '(passphrase)<enter>'],
  ['Type the passphrase once more.', '(passphrase)<enter>'],
  ['How should the secret be wrapped?', '<enter>'],
  ['Who wraps the secret?', '<enter>'],
  ['Should the material expire?', '<enter>'],
  ['Who proves that the key works?', '<down>'],
  ['(checked) A user of the key does, and I bring', '<up>'],
  ['(checked) I do, now', '<enter>'],
  ['Where should the first object go?', '<down><down>'],
  ['(checked) Finish for now', '<enter>'],
  ['is Enabled in us-east-1', '<enter>'],
];

let walk: Walk;

before(async () => {
  const ahead = [...keys];
  const terminalOf = (stdout: object) =>
    readTerminal({
      env: { LANG: 'C', TERM: 'xterm', NO_COLOR: '1', KEYFERRY_SCREEN_READER: '1' },
      stdin: { isTTY: true },
      stdout,
    });
  settleEnvironment(process.env, terminalOf({ isTTY: true }));
  process.env.NODE_ENV = 'production';
  walk = await walkCeremonies(async (ceremony, { transcript, savedNow, practice, fail }) => {
    const { openScreen } = await import('../../source/ui/ink/open-screen.tsx');
    const listener = new Listener({ transcript, ahead, fail });
    const screen = openScreen<Services>({
      terminal: terminalOf(listener),
      stdin: listener.stdin,
      stdout: listener,
      ceremony,
      practice,
      onStop: () => {},
      onHangup: () => [],
      savedNow,
    });
    const { interviewer } = screen;
    return {
      screen: {
        ...screen,
        interviewer: {
          ...interviewer,
          noticed: (line) => {
            listener.kept();
            interviewer.noticed(line);
          },
          done: (step, facts) => {
            listener.kept();
            interviewer.done(step, facts);
          },
        },
        close: (words) => {
          listener.leaving();
          return screen.close(words);
        },
      },
      acted: async (last) => {
        if (last !== undefined)
          await listener.hear([last.label, ...(last.note === undefined ? [] : [last.note])].join(', '));
      },
    };
  });
});

testTranscripts(
  'spoken',
  () => walk,
  (line) => /^ *keyferry /.test(line),
);

test('spoken: nothing is said to be above or below, at the top, or behind arrow keys', () => {
  for (const [place, text] of walk.transcript.texts)
    assert.doesNotMatch(text.replaceAll(/\s+/g, ' '), /\d (or )?more (above|below)|\d below|top of|arrow/, place);
});
