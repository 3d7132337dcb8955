import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findMutations } from './mutations.ts';

/** Every change of a text, as the text that it leaves. */
function changesOf(source: string): readonly string[] {
  return findMutations(source).map(
    ({ start, end, replacement }) => source.slice(0, start) + replacement + source.slice(end),
  );
}

test('comparisons, conditions and what they guard are changed, one at a time', () => {
  assert.deepEqual(changesOf('if (a === b) throw error;'), [
    'if (true) throw error;',
    'if (false) throw error;',
    'if (a !== b) throw error;',
    'if (a === b) ;',
  ]);
});

test('logical operators, negations, literals and calls are changed', () => {
  assert.deepEqual(changesOf('const a = !b && c;'), ['const a = b && c;', 'const a = !b || c;']);
  assert.deepEqual(changesOf('const a = [true, 7];'), ['const a = [false, 7];', 'const a = [true, (7 + 1)];']);
  assert.deepEqual(changesOf('await flush(file);'), [';']);
  assert.deepEqual(changesOf('const a = b ? c : d;'), ['const a = true ? c : d;', 'const a = false ? c : d;']);
});

test('types and words stay, and the offsets are those of the file with its types', () => {
  assert.deepEqual(changesOf("type A = 1 | true;\nconst a: Map<'x', 2> = new Map<'x', 2>([['x', 2]]);"), [
    "type A = 1 | true;\nconst a: Map<'x', 2> = new Map<'x', 2>([['x', (2 + 1)]]);",
  ]);
  assert.deepEqual(changesOf('const a = (b as Map<string, number>).size < c;'), [
    'const a = (b as Map<string, number>).size <= c;',
  ]);
  assert.deepEqual(changesOf('const a = (b as Set<number>) < c;'), ['const a = (b as Set<number>) <= c;']);
});
