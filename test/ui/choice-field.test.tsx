import assert from 'node:assert/strict';
import test, { afterEach } from 'node:test';
import { cleanup } from 'ink-testing-library';
import type { ChoiceQuestion, Option } from '../../source/ceremony/question.ts';
import { listView } from '../../source/ui/ink/fields/choice-list.tsx';
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
    { value: 'three', label: 'RSA_AES_KEY_WRAP', hint: 'for RSA keys', disabled: 'not for AES keys' },
    {
      value: 'four',
      label: 'Show the table',
      leads: { action: 'panel', panel: { title: 'Table', lines: ['a line'] } },
    },
    { value: 'five', label: 'Start over', leads: { action: 'ask-again', label: 'Start over', question: 'origin' } },
  ],
  default: 'two',
};

test('a list needs no more rows than it fills', () => {
  const place = { width: 60, rowValue: undefined, isFocused: true, onPoint: () => {} };
  for (const [count, least] of [
    [1, 1],
    [2, 2],
    [3, 3],
    [5, 3],
  ] as const) {
    const rows = Array.from({ length: count }, (_, index) => ({ value: String(index), label: `row ${index}` }));
    const view = listView({ ...place, rows });
    assert.deepEqual([view.want, view.least], [count, least]);
  }
});

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

test('the cursor stops at the first and the last row', async () => {
  const field = asked(question, 'one');
  await field.until('❯ RSAES_OAEP_SHA_256');
  await field.press('k', keys.up);
  await field.until('❯ RSAES_OAEP_SHA_256');
  await field.press(...'jjjjjjjj', keys.down);
  await field.until('❯ Start over');
  await field.press('k');
  await field.until('❯ Show the table');
});

test('the second line of a long row begins further right than a row', async () => {
  const place = 's3://keyferry-photos-5195e9cf';
  const label = `Make the bucket, and upload three files, 4.1 kB in all, with their names, to ${place}`;
  const field = asked({
    ...question,
    options: [
      { value: 'make', label },
      { value: 'other', label: 'Another' },
    ],
  });
  const lines = (await field.until(place)).split('\n');
  const columnOf = (text: string) => lines.find((line) => line.includes(text))?.indexOf(text) ?? -1;
  assert.ok(columnOf('Make') > 0);
  assert.equal(columnOf('Another'), columnOf('Make'));
  assert.equal(lines.find((line) => line.includes(place))?.search(/\S/), columnOf('Make') + 2);
});

test('a first row that cannot be chosen says why, also before the cursor has moved', async () => {
  const { default: _, ...plain } = question;
  const field = asked({ ...plain, options: [{ value: 'no', label: 'Not this', disabled: 'not here' }] });
  await field.until('❯ Not this');
  await field.press(keys.enter);
  await field.until('x Not this cannot be chosen: not here.');
});

test('what cannot be chosen stays visible with its reason', async () => {
  const field = asked(question);
  await field.until('❯ RSAES_OAEP_SHA_1');
  await field.press(keys.down, keys.enter);
  await field.until('x RSA_AES_KEY_WRAP cannot be chosen: not for AES keys.');
  assert.ok(field.pending);
  await field.press(keys.up);
  await field.until('❯ RSAES_OAEP_SHA_1');
  assert.match(field.shown(), /RSA_AES_KEY_WRAP +not for AES keys/);
  assert.doesNotMatch(field.shown(), /cannot be chosen|for RSA keys/);
});

test('where nothing is recommended, Enter takes the first row', async () => {
  const { default: _, ...plain } = question;
  const field = asked(plain);
  await field.until('❯ RSAES_OAEP_SHA_256');
  await field.press(keys.enter);
  assert.deepEqual(await field.outcome(), { kind: 'answer', answer: 'one' });
});

test('a list begins on its own row, also right after another with the same rows', async () => {
  const field = asked(question);
  await field.until('❯ RSAES_OAEP_SHA_1 ');
  await field.press(keys.up);
  await field.until('❯ RSAES_OAEP_SHA_256');
  field.askInstead({ ...question, id: 'other', ask: 'And the other?' });
  await field.until('And the other?');
  assert.match(field.shown(), /❯ RSAES_OAEP_SHA_1 /);
  await field.press(keys.enter);
  assert.deepEqual(await field.outcome(), { kind: 'answer', answer: 'two' });
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
    { value: 'a', label: 'bucket-a', disabled: 'in eu-west-1' },
    { value: 'b', label: 'bucket-b' },
    { value: 'c', label: 'bucket-c' },
  ]);
  await field.until('❯ bucket-b');
  await field.press(keys.down);
  await field.until('❯ bucket-c');
  give(Array.from({ length: 40 }, (_, index) => ({ value: `d${index}`, label: `bucket-d${index}` })));
  await field.until(/\d+ or more below/);
  await field.until('❯ bucket-c');
  await field.press(keys.enter);
  assert.deepEqual(await field.outcome(), { kind: 'answer', answer: 'c' });
});

/** Pages of ten buckets each, and how many of them have been read. */
function tens(pages: number) {
  const read: number[] = [];
  const options = async function* () {
    for (let page = 0; page < pages; page += 1) {
      read.push(page);
      yield Array.from({ length: 10 }, (_, index) => ({ value: `b${page}${index}`, label: `bucket-${page}${index}` }));
    }
  };
  return { options, read };
}

test('pages are read as the cursor comes near their end, and no others', async () => {
  const { options, read } = tens(9);
  const { default: _, ...plain } = question;
  const field = asked({ ...plain, options });
  await field.until('20 so far');
  await field.press(keys.down);
  assert.equal(read.length, 2);
  for (let index = 0; index < 4; index += 1) await field.press(keys.down);
  await field.until('30 so far');
  assert.equal(read.length, 3);
  for (let index = 0; index < 90; index += 1) await field.press(keys.down);
  await field.until('❯ bucket-89');
  await field.until('90 in all');
});

test('letters filter, and pages are read until enough match', async () => {
  const { options, read } = tens(9);
  const { default: _, ...plain } = question;
  const field = asked({ ...plain, options });
  await field.until('20 so far');
  await field.press(...'-71');
  await field.until('1 of 90 shown');
  assert.equal(read.length, 9);
  await field.until('❯ bucket-71');
  await field.press(keys.enter);
  assert.deepEqual(await field.outcome(), { kind: 'answer', answer: 'b71' });
});

test('j, k and digits are letters of the filter there, and choose nothing', async () => {
  const { options } = tens(2);
  const { default: _, ...plain } = question;
  const field = asked({ ...plain, options });
  await field.until('20 so far');
  await field.press('1', 'j', 'k');
  await field.until('Filter: 1jk▏');
  await field.until('Nothing matches.');
  await field.press(keys.enter);
  assert.ok(field.pending);
});

test('a name that is in no page is taken where it can be checked', async () => {
  const { options } = tens(2);
  const { default: _, ...plain } = question;
  const field = asked({
    ...plain,
    options,
    check: (name: string) => (name.includes('!') ? 'Letters only.' : undefined),
  });
  await field.until('20 so far');
  await field.press(keys.paste('elsewhere!\n'));
  await field.until('Not in the list. Enter takes it as it stands.');
  await field.press(keys.enter);
  await field.until('x Letters only.');
  await field.press(keys.backspace, keys.enter);
  assert.deepEqual(await field.outcome(), { kind: 'answer', answer: 'elsewhere' });
});

test('what was chosen before is under the cursor once its page has come', async () => {
  const { options } = tens(9);
  const { default: _, ...plain } = question;
  const field = asked({ ...plain, options }, 'b45');
  await field.until('❯ bucket-45');
});

test('the cursor scrolls a list that is higher than its room, which says how many more there are', async () => {
  const options = Array.from({ length: 12 }, (_, index) => ({ value: `c${index}`, label: `bucket ${index}.` }));
  const field = asked({ ...question, options, default: 'c0' });
  await field.until(/❯ bucket 0\./);
  for (let index = 0; index < 9; index += 1) await field.press(keys.down);
  const shown = await field.until('❯ bucket 9.');
  const [, above = '', below = ''] = /(\d+) more above, (\d+) below/.exec(shown) ?? [];
  const rows = shown.match(/bucket \d+\./g)?.length ?? 0;
  assert.equal(Number(above) + Number(below) + rows, 12);
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

const withTick: ChoiceQuestion = {
  ...question,
  options: [
    { value: 'create', label: 'Create alias/my-photos' },
    { value: 'later', label: 'Not now' },
  ],
  default: 'create',
  tick: { ask: 'I understand.', before: 'create' },
};

test('Enter alone, however often, does not choose a row that needs the tick, and Space and Enter do', async () => {
  const field = asked(withTick);
  await field.until('[ ] I understand.');
  await field.press(keys.enter, keys.enter, keys.enter);
  await field.until('x Space ticks the sentence. Nothing goes on without the tick.');
  assert.ok(field.pending);
  await field.press(' ');
  await field.until('[x] I understand.');
  await field.press(' ', keys.enter);
  assert.ok(field.pending);
  await field.press(' ', keys.enter);
  assert.deepEqual(await field.outcome(), { kind: 'answer', answer: 'create' });
});

test('a long list has the sentence to tick as well', async () => {
  const more = Array.from({ length: 20 }, (_, index) => ({ value: `row-${index}`, label: `Row ${index}` }));
  const field = asked({ ...withTick, options: [...(withTick.options as readonly Option[]), ...more] });
  await field.until('[ ] I understand.');
  await field.press(keys.enter);
  await field.until('x Space ticks the sentence. Nothing goes on without the tick.');
  assert.ok(field.pending);
  await field.press(' ', keys.enter);
  assert.deepEqual(await field.outcome(), { kind: 'answer', answer: 'create' });
});

test('a row that needs no tick is chosen without one', async () => {
  const field = asked(withTick);
  await field.until('[ ] I understand.');
  await field.press(keys.down, keys.enter);
  assert.deepEqual(await field.outcome(), { kind: 'answer', answer: 'later' });
});

test('a long hint beside short names goes on below itself', async () => {
  const hint = 'payments-archive-of-the-year.key.age, read back and opened again, with a passphrase of your own choice';
  const options = [
    { value: 'backup', label: 'Backup', hint },
    { value: 'use', label: 'Use it', hint: 'you' },
  ];
  const field = asked({ ...question, options, default: 'use' });
  const shown = await field.until('❯ Use it   you');
  assert.match(shown, /Backup {3}payments-archive\S+, read back .*\n.* {11}\S/);
});
