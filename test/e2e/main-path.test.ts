import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { newFolder } from '../new-folder.ts';
import { passphrase } from '../passphrase.ts';
import { walkAndCount } from './measured-walk.ts';
import { howMuch } from './set-up.ts';
import { TerminalSession } from './terminal-session.ts';
import { recommendedScreens, type Screens } from './walk.ts';

/* How much a person must read and press from the start to a first object on practice AWS. */

const enter = '\r';

/** As in the video, which keeps the plain key. The video makes no backup; this person does. */
const video: Screens = [
  ['In which Region?', enter],
  [howMuch, `jj${enter}`],
  ['Generate the Secret Key', enter],
  ['Where may the plain key be', enter],
  ['Enter an Alias', `my-photos${enter}`],
  ['Enter a Description', enter],
  ['Which tags should the key have?', enter],
  ['Make it a multi-Region key', enter],
  ['I understand the security', ` ${enter}`],
  ['How should the backup be encrypted?', `kk${enter}`],
  ['Which passphrase should open the backup?', `${passphrase}${enter}`],
  ['Type the passphrase once more.', `${passphrase}${enter}`],
  ['Which kind of key policy?', enter],
  ['Choose the set of IAM users that have permission', enter],
  ['Choose the set of IAM users who can administer', enter],
  ['Administrators may also delete this key', enter],
  ['Verify the key policy', enter],
  ['Download the wrapping key', enter],
  ['Wrap the Secret Key', enter],
  ['Choose the expiry date as needed', enter],
  ['Who proves that the key works?', enter],
  ['Upload an object to any bucket', enter],
  ['What should the new bucket be called?', enter],
  ['What should be encrypted?', enter],
  ['What should become of plain_text_aes_key.bin?', enter],
];

for (const [name, alias, screens, most] of [
  ['recommended', 'payments-2026', recommendedScreens, { screens: 8, keys: 9, words: 450 }],
  ['as in the video', 'my-photos', video, { screens: 25, keys: 30, words: 1650 }],
] as const)
  for (const [columns, rows] of [
    [80, 24],
    [60, 20],
  ] as const) {
    test(`${name}, from the start to a first object at ${columns}x${rows}`, async (t) => {
      const cwd = newFolder();
      const session = new TerminalSession(['--practice'], { cwd, columns, rows });
      t.after(() => session.kill('SIGKILL'));
      const cost = await walkAndCount(session, screens);
      await session.shows(`${alias} is Enabled`);
      session.send(enter);
      assert.equal(await session.ends(), 0);
      t.diagnostic(`${name}, ${columns}x${rows}: ${JSON.stringify(cost)}`);
      for (const what of ['screens', 'keys', 'words'] as const)
        assert.ok(cost[what] <= most[what], `${cost[what]} ${what}, at most ${most[what]}`);
      const record = JSON.parse(readFileSync(join(cwd, `keyferry-${alias}`, 'record.json'), 'utf8'));
      assert.equal(record.objects[0].verified, true);
      assert.equal(record.key.acknowledged, name === 'recommended' ? 'with the plan' : undefined);
    });
  }
