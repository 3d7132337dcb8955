import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

/* Holds what Biome cannot: it reads no comments. */

const files = globSync(['.build/*.js', '{media,source,test}/**/*.{ts,tsx}']);

/** The docstrings of a file, line by line, without their stars. */
const docstringsOf = (text: string) =>
  [...text.matchAll(/\/\*\*(.*?)\*\//gs)].map(([, body = '']) =>
    body.split('\n').map((line) => line.replace(/^\s*\* ?/, '').trim()),
  );

const saysThrows = (line: string) => /\bThrows\b|\S.*@throws\b/.test(line);

test('a docstring says what is thrown with @throws, on a line of its own', () => {
  const wrong = files.flatMap((path) =>
    docstringsOf(readFileSync(path, 'utf8')).flatMap((lines) =>
      lines.filter(saysThrows).map((line) => `${path}: ${line}`),
    ),
  );
  assert.deepEqual(wrong, []);
  assert.ok(files.length > 500);
});
