import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import type { Material } from '../../source/steps/facts.ts';
import { matchCopies } from '../../source/steps/match-copies.ts';
import type { OpenedCopy } from '../../source/steps/open-copies.ts';
import { materialOf } from '../known-facts.ts';
import { problemOf } from './ceremony.ts';

const importing = { step: 'bring-back', done: 'brought back' } as const;
const secret = SecretBytes.generate();

/** A material that is missing, with the check value on record, if any. */
const material = (keyMaterialId: string, checkValue?: string) =>
  materialOf({
    ...{ keyMaterialId, isImported: false, expiry: 'unknown' },
    ...(checkValue === undefined ? {} : { checkValue }),
  });

/** An opened copy, with the material that its card names, if there is a card. */
const copy = (path: string, checkValue: string, keyMaterialId?: string): OpenedCopy => ({
  ...{ path, secret, checkValue },
  ...(keyMaterialId === undefined ? {} : { keyMaterialId }),
});

const pathsFor = (wanted: readonly Material[], copies: readonly OpenedCopy[]) =>
  matchCopies(wanted, copies, importing).map(({ candidates }) => candidates.map(({ path }) => path));

test('a material with a check value on record is that of the copies with this value, whatever their cards say', () => {
  const copies = [copy('a', 'AAAA', 'other'), copy('b', 'BBBB', 'one'), copy('c', 'AAAA')];
  assert.deepEqual(pathsFor([material('one', 'AAAA')], copies), [['a', 'c']]);
});

test('a material without a check value is tried with the copy whose card names it, and then with those without a card', () => {
  const wanted = [material('one'), material('two', 'BBBB')];
  const copies = [
    copy('bare', 'CCCC'),
    copy('of two', 'BBBB'),
    copy('of three', 'DDDD', 'three'),
    copy('of one', 'A', 'one'),
  ];
  assert.deepEqual(pathsFor(wanted, copies), [['of one', 'bare'], ['of two']]);
});

test('a material that no copy may hold is told before KMS is asked for anything', async () => {
  const wanted = [material('one-is-long', 'AAAA'), material('two'), material('three', 'CCCC')];
  const { code, what, why, state, next } = await problemOf(() => matchCopies(wanted, [copy('c', 'CCCC')], importing));
  assert.deepEqual([code, next], ['WrongCopy', ['Name a copy of each of these materials.']]);
  assert.equal(what, 'Nothing was brought back: a copy is missing, or is of another key.');
  assert.match(
    why ?? '',
    /^No copy holds the material .*\(key check value AAAA\), two.*has the key check value CCCC\.$/,
  );
  assert.match(state ?? '', /KMS was not asked for a wrapping key\.$/);
});

test('where one material or one copy is wrong, that is said of it alone', async () => {
  const problemFor = (wanted: readonly Material[], copies: readonly OpenedCopy[]) =>
    problemOf(() => matchCopies(wanted, copies, importing));
  const single = await problemFor([material('one', 'AAAA')], [copy('b', 'BBBB')]);
  assert.equal(
    single.why,
    'No copy holds the material one (key check value AAAA). The copy that was opened has the key check value BBBB.',
  );
  assert.deepEqual(single.next, ['Name a copy of this material.']);
  const several = await problemFor([material('one')], [copy('b', 'BBBB', 'two'), copy('c', 'CCCC', 'three')]);
  assert.equal(
    several.why,
    'No copy holds the material one. The copies that were opened have the key check value BBBB, CCCC.',
  );
});
