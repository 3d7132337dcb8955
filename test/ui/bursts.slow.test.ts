import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import fc from 'fast-check';
import type { Question } from '../../source/ceremony/question.ts';
import type { Action } from '../../source/ui/ink/action.ts';
import type { FieldState } from '../../source/ui/ink/fields/field.ts';
import { kindOf, openField } from '../../source/ui/ink/fields/kinds.ts';
import { JourneyStore } from '../../source/ui/ink/store.ts';
import { fakeCeremony } from './fake-ceremony.ts';
import { ScreenSession } from './screen-session.ts';
import '../seed.ts';

const burst = 10_240;

const same = { id: 'it', ask: 'What is it?', label: 'It', form: 'anything' } as const;
const options = Array.from({ length: 40 }, (_, index) => ({ value: `v${index}`, label: `option-${index}` }));
const questions: Readonly<Record<'text' | 'secret' | 'phrase' | 'list' | 'long list' | 'several', Question>> = {
  text: { ...same, kind: 'text' },
  secret: { ...same, kind: 'secret', keep: () => {} },
  phrase: { ...same, kind: 'phrase', phrase: 'yes', decline: 'no' },
  list: { ...same, kind: 'choice', options: options.slice(0, 4) },
  'long list': { ...same, kind: 'choice', options },
  several: { ...same, kind: 'many', options, least: 0, typed: 'anything' },
};

/** The screen with one question on it, and how often it has drawn a new state since. */
async function asked(t: TestContext, question: Question) {
  let renders = 0;
  const original = JourneyStore.prototype.onCommitted;
  t.mock.method(JourneyStore.prototype, 'onCommitted', function (this: JourneyStore, listener: () => void) {
    original.call(this, () => {
      renders += 1;
      listener();
    });
  });
  const [first, ...rest] = fakeCeremony.steps;
  assert.ok(first);
  const session = await ScreenSession.open({
    ceremony: { ...fakeCeremony, steps: [{ ...first, questions: () => [question] }, ...rest] },
  });
  session.run().catch(() => {});
  t.after(async () => {
    session.stop.abort(new Error('test over'));
    await session.screen.close();
  });
  await session.until('What is it?');
  await session.settled();
  renders = 0;
  return { session, renders: () => renders };
}

/** As a serial line or expect sends them: each key in a read of its own, and none marked as pasted. */
function typeSingly(session: ScreenSession, key: string, times: number): void {
  for (let index = 0; index < times; index += 1) session.type(key);
}

for (const [kind, says] of [
  ['text', 'It takes at most 8192 characters.'],
  ['secret', 'It takes at most 1024 bytes.'],
  ['long list', 'It takes at most 8192 characters.'],
  ['several', 'It takes at most 8192 characters.'],
] as const) {
  test(`${kind}: 10 kB of single characters are taken in few renders, up to the limit`, async (t) => {
    const { session, renders } = await asked(t, questions[kind]);
    typeSingly(session, 'x', burst);
    await session.until(says);
    await session.settled();
    assert.ok(renders() >= 1 && renders() <= 3, `${renders()} renders`);
  });
}

for (const [kind, question] of Object.entries(questions)) {
  for (const [what, key] of Object.entries({ letters: 'j', spaces: ' ', arrows: '\u001B[B' })) {
    test(`${kind}: Ctrl+C is heard at once behind 10 kB of ${what}`, async (t) => {
      const { session, renders } = await asked(t, question);
      typeSingly(session, key, burst / key.length);
      session.type('\u0003');
      await session.until('Stop here?');
      assert.ok(renders() <= 3, `${renders()} renders`);
    });
  }
}

test('a question mark in front of a burst opens its page where it is a command', async (t) => {
  const { session } = await asked(t, questions.list);
  session.type('?abc');
  await session.until('Connection: why');
});

test('text that is taken at once leaves a field as its characters do one by one', () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((each) => !/\p{Cc}/u.test(each));
  const kind = fc.constantFrom('text', 'secret', 'phrase', 'long list', 'several');
  /** So much is in the field before, which brings some of them to their limit. */
  const before = fc.constantFrom(0, 1, 1018, 8186);
  fc.assert(
    fc.property(kind, before, fc.boolean(), text, (name, length, inFront, typed) => {
      const question = questions[name as keyof typeof questions];
      const typeAll = (parts: readonly string[]) => {
        let field: FieldState = openField(question, undefined, 0);
        const act = (action: Action) => {
          field = kindOf(field).act(field, action, 1000).field ?? field;
        };
        if (length > 0) act({ type: 'insert', text: 'x'.repeat(length) });
        if (inFront) act({ type: 'home' });
        for (const part of parts) act({ type: 'insert', text: part });
        const { secret, ...rest } = { secret: undefined, ...field };
        return {
          ...rest,
          secret: secret?.use((bytes) => bytes.toString()),
          answer: kindOf(field).answer(field),
        };
      };
      assert.deepEqual(typeAll([typed]), typeAll([...typed]));
    }),
    { numRuns: 500 },
  );
});
