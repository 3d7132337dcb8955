import assert from 'node:assert/strict';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readLines } from '../../source/disk/lines.ts';
import { newFolder } from '../new-folder.ts';

test('lines over the ends of pieces are whole, each with its number and its end, and a last one without an end is left out', () => {
  const path = join(newFolder(), 'lines');
  const texts = ['first', '', 'é'.repeat(200_000), 'x'.repeat(600_000), 'last'];
  writeFileSync(path, `${texts.join('\n')}\nnot whole`);
  const descriptor = openSync(path, 'r');
  try {
    const lines = [...readLines(descriptor)];
    assert.ok(lines.every(({ text }, index) => text === texts[index]));
    assert.deepEqual(
      lines.map(({ number, end }) => [number, end]),
      [
        [1, 6],
        [2, 7],
        [3, 400_008],
        [4, 1_000_009],
        [5, 1_000_014],
      ],
    );
  } finally {
    closeSync(descriptor);
  }
});
