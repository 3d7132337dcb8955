import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { ClosingPage } from '../../source/ceremony/conclusion.ts';
import type { Given } from '../../source/ceremony/interviewer.ts';
import type { ChoiceQuestion } from '../../source/ceremony/question.ts';
import { KeyChosen, showKeysOnceConnected } from '../../source/commands/keys-of-account.ts';
import { bringNewKey, type KeyPlace } from '../../source/commands/your-keys-questions.ts';
import type { Facts } from '../../source/steps/facts.ts';
import type { Services } from '../../source/steps/services.ts';
import { bareStep } from '../bare-step.ts';
import { connectionOf } from '../known-facts.ts';
import { denyCaller } from '../practice/practising.ts';
import { seedKeys } from '../practice/seeded-keys.ts';
import { rowsOf } from '../rows-of.ts';
import { makeConnected } from '../services.ts';
import { quietInterviewer } from '../ui/quiet-interviewer.ts';

const connect = bareStep<Facts, Services>('connect');
const next = bareStep<Facts, Services>('permissions');

const before: Facts = { connection: connectionOf('arn:aws:iam::000000000000:user/me') };
const given: Given = { start: { from: 'before' }, drafts: {}, canGoBack: true };

/** A person who has connected in us-east-1 to an account with these keys, and what the screen shows to that person. */
async function connected(t: TestContext, keys: Parameters<typeof seedKeys>[2]) {
  const { services, practice } = await makeConnected(t);
  const [key] = seedKeys(practice.folder, 'us-east-1', keys);
  const stop = new AbortController();
  const shown: string[] = [];
  const answers: string[] = [];
  const screen = {
    interviewer: quietInterviewer<Facts, Services>({
      interview: async ({ id }, { facts }, { start }) => {
        shown.push(`interview ${id}`);
        assert.deepEqual(facts, before);
        return { answers: start };
      },
      progress: ({ id }, { label, state }) => void shown.push(`${id}: ${label}, ${state}`),
      noticed: (line) => void shown.push(line),
      done: ({ id }) => void shown.push(`done ${id}`),
    }),
    ask: async (question: ChoiceQuestion, back?: string) => {
      await rowsOf(question);
      shown.push(`ask ${question.id}${back === undefined ? '' : ', may go back'}`);
      return answers.shift() ?? bringNewKey;
    },
    closing: async ({ title }: ClosingPage) => void shown.push(title),
    close: async () => {},
  };
  const open = (seen: readonly KeyPlace[] = []) => {
    const parts = { known: [], seen, shown: { ellipsis: '…', isWide: true }, signal: stop.signal };
    const { interviewer, closing } = showKeysOnceConnected(screen, parts);
    return {
      connect: (region = 'us-east-1') =>
        interviewer.done(connect, { connection: { ...connectionOf('arn:aws:iam::000000000000:user/me'), region } }),
      other: () => {
        interviewer.done(next, {});
        interviewer.noticed('a line that stays');
        return closing({ title: 'the last page', lines: [] });
      },
      goOn: () => interviewer.interview(next, { facts: before, services }, given),
    };
  };
  /** What was shown since this was asked last. */
  const takeShown = () => shown.splice(0);
  return { open, takeShown, answers, practice, stop, key };
}

const looking = 'permissions: Looking for keys with imported material, working';

test('whoever has connected sees the keys there once, and goes on with a new one', async (t) => {
  const { open, takeShown } = await connected(t, [{ validTo: null, alias: 'alias/theirs' }]);
  const screen = open();
  assert.deepEqual(await screen.goOn(), { answers: given.start });
  assert.deepEqual(takeShown(), ['interview permissions'], 'nobody has connected yet');
  screen.connect();
  assert.deepEqual(await screen.goOn(), { answers: given.start });
  assert.deepEqual(takeShown(), ['done connect', looking, 'ask your-keys', 'interview permissions']);
  await screen.other();
  await screen.goOn();
  screen.connect();
  await screen.goOn();
  const passedOn = ['done permissions', 'a line that stays', 'the last page'];
  assert.deepEqual(takeShown(), [...passedOn, 'interview permissions', 'done connect', 'interview permissions']);
  // Another Region is another place.
  screen.connect('eu-west-1');
  await screen.goOn();
  assert.equal(takeShown()[1], looking);
});

test('whoever chooses a key there leaves the new one with what was chosen, and the next step asks nothing', async (t) => {
  const { open, takeShown, answers, key } = await connected(t, [{ alias: 'alias/theirs' }]);
  const arn = `arn:aws:kms:us-east-1:000000000000:key/${key?.keyId}`;
  answers.push(arn, 'import-existing');
  const screen = open();
  screen.connect();
  await assert.rejects(screen.goOn(), (error) => {
    assert.ok(error instanceof KeyChosen);
    const { action, key: chosen, place } = error.choice;
    assert.deepEqual(
      [action, chosen.key.keyArn, place],
      ['import-existing', arn, { source: 'practice', region: 'us-east-1' }],
    );
    return true;
  });
  assert.deepEqual(takeShown(), ['done connect', looking, 'ask your-keys', 'ask action, may go back']);
});

test('no list is shown where there is no key, where the keys were seen before, or where they may not be listed', async (t) => {
  const empty = await connected(t, [{ origin: 'AWS_KMS' }]);
  const first = empty.open();
  first.connect();
  await first.goOn();
  assert.deepEqual(empty.takeShown(), ['done connect', looking, 'interview permissions']);
  const { open, takeShown, practice } = await connected(t, [{ validTo: null }]);
  const seen = open([{ source: 'practice', region: 'us-east-1' }]);
  seen.connect();
  await seen.goOn();
  assert.deepEqual(takeShown(), ['done connect', 'interview permissions']);
  denyCaller(practice, 'kms:ListKeys');
  const denied = open();
  denied.connect();
  await denied.goOn();
  assert.deepEqual(takeShown(), ['done connect', looking, 'interview permissions']);
});

test('whoever stops while their keys are looked for stops the ceremony', async (t) => {
  const { open, takeShown, stop } = await connected(t, [{ validTo: null }]);
  const screen = open();
  screen.connect();
  const going = screen.goOn();
  stop.abort(new Error('stopped by the person'));
  await assert.rejects(going, /stopped by the person/);
  assert.deepEqual(takeShown(), ['done connect', looking]);
});
