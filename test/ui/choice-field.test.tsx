import assert from 'node:assert/strict';
import test, { afterEach } from 'node:test';
import { cleanup } from 'ink-testing-library';
import type { ChoiceQuestion, Option } from '../../source/ceremony/question.ts';
import { asked, keys } from './asked.tsx';

afterEach(cleanup);

const question: ChoiceQuestion = {
  kind: 'choice',
  id: 'wrapping',
  ask: 'How should the secret be wrapped?',
  label: 'Wrapping',
  form: 'a pair',
  options: [
    { value: 'one', label: 'RSAES_OAEP_SHA_256', hint: 'recommended' },
    { value: 'two', label: 'RSAES_OAEP_SHA_1', hint: 'as in the video' },
    { value: 'three', label: 'RSA_AES_KEY_WRAP', disabled: 'not for AES keys' },
    {
      value: 'four',
      label: 'Show the table',
      leads: { action: 'panel', panel: { title: 'Table', lines: ['a line'] } },
    },
    { value: 'five', label: 'Start over', leads: { action: 'ask-again', label: 'Start over', question: 'origin' } },
  ],
  default: 'two',
};

test('the default is under the cursor, and Enter takes it', async () => {
  const field = asked(question);
  await field.until('❯ RSAES_OAEP_SHA_1     as in the video');
  await field.press(keys.enter);
  assert.deepEqual(await field.outcome(), { kind: 'answer', answer: 'two' });
});

test('arrows move, and an earlier answer is offered again', async () => {
  const field = asked(question, 'one');
  await field.until('❯ RSAES_OAEP_SHA_256');
  await field.press(keys.down, keys.enter);
  assert.deepEqual(await field.outcome(), { kind: 'answer', answer: 'two' });
});

test('what cannot be chosen stays visible with its reason', async () => {
  const field = asked(question);
  await field.until('❯ RSAES_OAEP_SHA_1');
  await field.press(keys.down, keys.enter);
  await field.until('x RSA_AES_KEY_WRAP cannot be chosen: not for AES keys.');
  assert.ok(field.pending);
  await field.press(keys.up);
  await field.until('❯ RSAES_OAEP_SHA_1');
  assert.doesNotMatch(field.shown(), /cannot be chosen/);
});

test('digits choose nothing', async () => {
  const field = asked(question);
  await field.until('❯ RSAES_OAEP_SHA_1');
  await field.press('1', '2', '9');
  assert.ok(field.pending);
  assert.match(field.shown(), /❯ RSAES_OAEP_SHA_1/);
});

test('an option may open a page, and the list stands where it stood', async () => {
  const field = asked(question);
  await field.until('❯ RSAES_OAEP_SHA_1');
  await field.press(keys.down, keys.down, keys.enter);
  await field.until('a line');
  await field.press(keys.esc);
  await field.until('❯ Show the table');
  assert.ok(field.pending);
});

test('an option may lead to an earlier question', async () => {
  const field = asked(question, 'five');
  await field.until('❯ Start over');
  await field.press(keys.enter);
  const outcome = await field.outcome();
  assert.ok('kind' in outcome && outcome.kind === 'lead' && outcome.lead.action === 'ask-again');
});

test('? and c open pages, and close them', async () => {
  const field = asked(question);
  await field.until('? why');
  await field.press('?');
  await field.until('Wrapping key: why');
  await field.press('?');
  await field.until('❯ RSAES_OAEP_SHA_1');
  await field.press('c');
  await field.until('# Do it by hand');
});

/** Pages that come when the test says so. */
function paged() {
  let next = Promise.withResolvers<readonly Option[] | Error>();
  const options = async function* () {
    for (;;) {
      const page = await next.promise;
      next = Promise.withResolvers();
      if (page instanceof Error) throw page;
      if (page.length === 0) return;
      yield page;
    }
  };
  return { options, give: (page: readonly Option[] | Error) => next.resolve(page) };
}

test('a list that fills keeps the cursor on its row', async () => {
  const { options, give } = paged();
  const { default: _, ...plain } = question;
  const field = asked({ ...plain, options });
  await field.until('Reading the list');
  give([
    { value: 'a', label: 'bucket-a' },
    { value: 'b', label: 'bucket-b' },
  ]);
  await field.until('❯ bucket-a');
  await field.press(keys.down);
  await field.until('❯ bucket-b');
  give(Array.from({ length: 40 }, (_, index) => ({ value: `c${index}`, label: `bucket-c${index}` })));
  await field.until(/\d+ more below/);
  await field.until('❯ bucket-b');
  give([]);
  await field.press(keys.enter);
  assert.deepEqual(await field.outcome(), { kind: 'answer', answer: 'b' });
});

test('the cursor scrolls a long list, which says how many more there are', async () => {
  const options = Array.from({ length: 40 }, (_, index) => ({ value: `c${index}`, label: `bucket ${index}.` }));
  const field = asked({ ...question, options, default: 'c0' });
  await field.until(/❯ bucket 0\./);
  for (let index = 0; index < 30; index += 1) await field.press(keys.down);
  const shown = await field.until('❯ bucket 30.');
  const [, above = '', below = ''] = /(\d+) more above, (\d+) below/.exec(shown) ?? [];
  const rows = shown.match(/bucket \d+\./g)?.length ?? 0;
  assert.equal(Number(above) + Number(below) + rows, 40);
});

test('where the list is refused, an answer that can be checked is typed', async () => {
  const { options, give } = paged();
  const { default: _, ...plain } = question;
  const field = asked({
    ...plain,
    options,
    form: 'the name of a bucket',
    check: (name: string) => (name === 'no' ? 'No.' : undefined),
  });
  await field.until('Reading the list');
  give(Object.assign(new Error(''), { name: 'AccessDenied' }));
  await field.until('! The list cannot be read: AccessDenied. Type the name of a bucket.');
  await field.press(...'mine', keys.enter);
  assert.deepEqual(await field.outcome(), { kind: 'answer', answer: 'mine' });
});
