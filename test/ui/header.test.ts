import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

/** The stored screens of one size, by name; `frames.slow.test.tsx` holds them to what the program draws. */
function framesOf(size: string): ReadonlyMap<string, string> {
  const text = readFileSync(new URL(`../frames/${size}-unicode.txt`, import.meta.url), 'utf8');
  return new Map(
    text
      .split(/^== /m)
      .slice(1)
      .map((frame) => [frame.slice(0, frame.indexOf('\n')), frame.slice(frame.indexOf('\n') + 1)]),
  );
}

for (const size of ['60x20', '80x24', '100x30', '120x40']) {
  test(`once connected, the Region, the account and who you are stand at the top of every screen of ${size}`, () => {
    const frames = framesOf(size);
    const connected = [...frames].filter(([name]) => !/^(connect\b|stop$)/.test(name));
    assert.ok(connected.length > 80);
    for (const [name, frame] of connected)
      assert.match(frame.split('\n').slice(0, 2).join('\n'), /us-east-1 · 000000000000 · role\/SecurityAdmin/, name);
  });
}
