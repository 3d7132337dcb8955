import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { passphrase } from '../passphrase.ts';
import { inPractice, onlyKey } from '../practice/in-practice.ts';
import { recipient } from '../secrets/age-identity.ts';
import { everything, howMuch } from './set-up.ts';
import type { TerminalSession } from './terminal-session.ts';

const enter = '\r';

export type Screens = readonly (readonly [shows: string, keys: string])[];

/** What a person sees and types who chooses everything, screen by screen, from the flag --practice to the backup. */
const screensToBackup: Screens = [
  ['In which Region?', enter],
  [howMuch, everything.keys],
  ['Which secret should the key be?', enter],
  ['Where may the plain key be', enter],
  ['What should the key be called?', `payments-2026${enter}`],
  ['What is it for?', `Archive of payments${enter}`],
  ['Which tags should the key have?', enter],
  ['Make it a multi-Region key', enter],
  ['I understand the security', ` ${enter}`],
];

const screensFromPolicy: Screens = [
  ['Which kind of key policy?', enter],
  ['Who may administer the key?', enter],
  ['Administrators may also delete this key', enter],
  ['Who may use the key?', enter],
  ['Create the key with this policy?', enter],
  ['How should the secret be wrapped?', enter],
  ['Who wraps the secret?', enter],
  ['Should the material expire?', enter],
  ['Who proves that the key works?', enter],
  ['Where should the first object go?', enter],
  ['What should the new bucket be called?', enter],
  ['What should be encrypted?', enter],
];

/** All screens to the last page. The backup is to {@link recipient}, which takes no time. */
export const screens: Screens = [
  ...screensToBackup,
  ['How should the backup be encrypted?', `j${enter}`],
  ['Which age recipients may open the backup?', `${recipient}${enter}${enter}`],
  ['Which identity file opens it here, as a proof?', enter],
  ...screensFromPolicy,
];

/** The same with a backup under {@link passphrase}, which takes the program seconds: it is made slow to guess. */
export const screensUnderPassphrase: Screens = [
  ...screensToBackup,
  ['How should the backup be encrypted?', enter],
  ['Which passphrase should open the backup?', `${passphrase}${enter}`],
  ['Type the passphrase once more.', `${passphrase}${enter}`],
  ...screensFromPolicy,
];

/** What a person sees and types who takes the recommended set-up. */
export const recommendedScreens: Screens = [
  ['In which Region?', enter],
  [howMuch, enter],
  ['What should the key be called?', `payments-2026${enter}`],
  ['Which passphrase should open the backup?', `${passphrase}${enter}`],
  ['Type the passphrase once more.', `${passphrase}${enter}`],
  ['Is this what you want?', ` ${enter}`],
  ['Where should the first object go?', enter],
  ['What should be encrypted?', enter],
];

const lastPage = 'is Enabled in us-east-1';

/** Answers the screens in their order, up to the one that shows this question, which stays unanswered. */
export async function walkTo(session: TerminalSession, question: string, all = screens): Promise<void> {
  for (const [shows, keys] of all) {
    await session.shows(shows);
    if (shows === question) return;
    session.send(keys);
  }
  throw new Error(`No screen shows "${question}".`);
}

/**
 * Answers each screen by its words, whichever comes next, until the last page stands. A backup that is already under a
 * passphrase gets {@link passphrase}.
 */
export async function walkToTheLastPage(session: TerminalSession): Promise<void> {
  const ahead = new Map([...screensUnderPassphrase, ...screens]);
  for (;;) {
    const found = await session.showsOneOf([...ahead.keys(), lastPage]);
    const keys = ahead.get(found);
    if (keys === undefined) return;
    session.send(keys);
    ahead.delete(found);
  }
}

/** Walks to the last page and leaves it by `lastKeys`. */
export async function walkToTheEnd(session: TerminalSession, lastKeys = enter): Promise<void> {
  await walkToTheLastPage(session);
  session.send(lastKeys);
  assert.equal(await session.ends(), 0);
}

/** Asserts that the walk left what a ceremony leaves. */
export async function assertFinished(cwd: string): Promise<void> {
  const record = JSON.parse(readFileSync(join(cwd, 'keyferry-payments-2026', 'record.json'), 'utf8'));
  assert.equal(record.key.keyState, 'Enabled');
  assert.equal(record.key.description, 'Archive of payments');
  assert.equal(record.objects[0].verified, true);
  await assertOneKey(cwd, record);
}

/** Asserts that practice AWS has one KMS key, the one in the record, however many calls it took to make it. */
export async function assertOneKey(cwd: string, record: { readonly key: { readonly keyId: string } }) {
  assert.equal(await inPractice(cwd, onlyKey), record.key.keyId);
}
