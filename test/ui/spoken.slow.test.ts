import assert from 'node:assert/strict';
import test from 'node:test';
import { ScreenSession } from './screen-session.ts';

const down = '\u001B[B';
const up = '\u001B[A';

/** What is typed, and what is then read out. */
const walk: readonly (readonly [keys: string, said: readonly string[]])[] = [
  [
    '',
    [
      'Now: Connection, step 1 of 7. To do: Secret key, Description,',
      'Where should the key go?',
      'list: radio: (checked) Practice AWS, on this machine, no account needed',
      'Keys: up and down move, enter choose,',
    ],
  ],
  [
    `${down}\r`,
    ['radio: (checked, disabled) AWS, with the role', 'Problem: AWS, with the role of this machine cannot'],
  ],
  [`${up}\r`, ['textbox: Region: us-east-1']],
  ['!\r', ['Problem: A Region looks like us-east-1', 'textbox: Region: us-east-1!']],
  ['\u001B[D', ['textbox: Region (cursor before !): us-east-1!']],
  ['\u001B[3~\r', ['Done: Connected to practice AWS', 'Done: Connection. Now: Secret key', 'textbox: File:']],
  ['my.key\r\rpay\r', ['checkbox: I understand the security']],
  [' ', ['checkbox: (checked) I understand the security']],
  ['\r', ['list: checkbox: (selected) role  SecurityAdmin', 'textbox: Filter (0 chosen, ']],
  [' ', ['list: checkbox: (selected, checked) role  SecurityAdmin', 'textbox: Filter (1 chosen, ']],
  ['\r', ['list: listitem: account root: manage, import, use, delete', 'Create the key with this policy?']],
  ['?', ['Policy and key: why']],
  ['?\r', ["Problem: Can't create the KMS key.", 'Next: Ask for kms:CreateKey', 'radio: (checked) Change the people']],
  [`${down}\r`, ['progressbar: statements.tar, uploading, N %']],
  ['', ['textbox: Key id ends in (enter alone: keep):']],
];

/** Words as they stand on the screen, which breaks lines where it must; N is a number. */
const pattern = (words: string) =>
  new RegExp(
    words
      .replaceAll(/[()+?.]/g, '\\$&')
      .replaceAll(/ +/g, '\\s+')
      .replace(',\\s+N', ',\\s+\\d+'),
  );

test('whoever hears the screen is told what each thing is, and no drawing is in it', async () => {
  const session = await ScreenSession.open({
    services: { trouble: true, actMs: 700 },
    env: { KEYFERRY_SCREEN_READER: '1' },
  });
  session.run().catch(() => {});
  for (const [keys, said] of walk) {
    session.type(keys);
    for (const words of said) await session.until(pattern(words));
    await session.settled(60);
  }
  assert.doesNotMatch(await session.transcript(), /[─│✔❯█░▏]/);
  session.stop.abort(new Error('test over'));
  await session.screen.close();
});
