import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Option } from '../../source/ceremony/question.ts';
import { filterOptions, OptionPages } from '../../source/ui/option-pages.ts';

const options = (...values: readonly string[]): readonly Option[] =>
  values.map((value) => ({ value, label: value.toUpperCase(), hint: `hint of ${value}` }));
const valuesOf = (list: readonly Option[]) => list.map(({ value }) => value);

test('pages are read one at a time, until the last', async () => {
  let given = 0;
  const pages = new OptionPages(async function* () {
    for (const page of [options('a', 'b'), options('c')]) {
      given += 1;
      yield page;
    }
  });
  assert.deepEqual([pages.options.length, given], [0, 0]);
  await pages.readOn();
  assert.deepEqual([valuesOf(pages.options), pages.isComplete, given], [['a', 'b'], false, 1]);
  await pages.readOn();
  await pages.readOn();
  await pages.readOn();
  assert.deepEqual([valuesOf(pages.options), pages.isComplete, pages.refusal], [['a', 'b', 'c'], true, undefined]);
});

test('a list that is there at once is complete', async () => {
  const pages = new OptionPages(options('a'));
  await pages.readOn();
  assert.deepEqual([valuesOf(pages.options), pages.isComplete], [['a'], true]);
});

test('a refusal ends the list with its name; what was read stays', async () => {
  let asked = 0;
  const pages = new OptionPages(() => ({
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        asked += 1;
        if (asked === 1) return { value: options('a') };
        throw Object.assign(new Error(''), { name: 'AccessDenied' });
      },
    }),
  }));
  for (let count = 0; count < 3; count += 1) await pages.readOn();
  assert.deepEqual([valuesOf(pages.options), pages.isComplete, pages.refusal], [['a'], true, 'AccessDenied']);
  assert.equal(asked, 2);
});

test('what is thrown and is no error ends the list too', async () => {
  const next = () => Promise.reject('ECONNRESET');
  const pages = new OptionPages(() => ({ [Symbol.asyncIterator]: () => ({ next }) }));
  await pages.readOn();
  assert.deepEqual([pages.isComplete, pages.refusal], [true, 'ECONNRESET']);
});

test('a list that nobody needs any more lets go of what it reads from', async () => {
  let isLetGo = false;
  const pages = new OptionPages(async function* () {
    try {
      yield options('a');
      yield options('b');
    } finally {
      isLetGo = true;
    }
  });
  await pages.readOn();
  pages.close();
  await pages.readOn();
  assert.equal(isLetGo, true);
});

test('a list that cannot be let go of does no harm', async () => {
  const next = async () => ({ done: true, value: undefined }) as const;
  const letGo = () => Promise.reject(new Error('ECONNRESET'));
  const pages = new OptionPages(() => ({ [Symbol.asyncIterator]: () => ({ next, return: letGo }) }));
  pages.close();
  await new Promise(setImmediate);
  await pages.readOn();
  assert.equal(pages.isComplete, true);
});

test('options match by label and hint, whatever the case and the spaces around', () => {
  const list = options('one', 'two');
  assert.deepEqual(valuesOf(filterOptions(list, ' ONE ')), ['one']);
  assert.deepEqual(valuesOf(filterOptions(list, 'hint of t')), ['two']);
  assert.deepEqual(valuesOf(filterOptions(list, 'eh')), [], 'the end of a label and the beginning of its hint');
  assert.deepEqual(valuesOf(filterOptions(list, ' ')), ['one', 'two']);
});

test('letters that every ARN has show only the rows that show them; an ARN that was pasted shows its row', () => {
  const list = ['Billing', 'Auditor'].map((name) => ({ value: `arn:aws:iam::111122223333:role/${name}`, label: name }));
  const billing = 'arn:aws:iam::111122223333:role/Billing';
  assert.deepEqual(valuesOf(filterOptions(list, 'b')), [billing]);
  assert.deepEqual(valuesOf(filterOptions(list, billing)), [billing]);
  assert.equal(filterOptions(list, 'arn:aws').length, 2);
});
