import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cells } from '../../source/terminal/cells.ts';
import { symbolsFor } from '../../source/terminal/symbols.ts';
import { headerLines } from '../../source/ui/ink/header.ts';
import { beginning } from '../../source/ui/ink/journey-events.ts';
import { layOut } from '../../source/ui/ink/layout.ts';

const where = {
  alias: 'alias/my-photos',
  region: 'us-east-1',
  account: '111122223333',
  endpoints: '',
  who: 'role/SecurityAdmin',
  practice: false,
  asInTheVideo: false,
};
const practice = { ...where, account: '000000000000', practice: true };

/** The rows above the body, without the rule, at a size. */
function head(columns: number, there: typeof where, steps = 11): string {
  const layout = layOut({ columns, rows: 24 }, steps);
  const journey = { ...beginning, where: there, stepIndex: 5 };
  const rows = headerLines(journey, { practice: there.practice, steps }, layout, symbolsFor({ unicode: true }));
  const texts = rows.map((line) =>
    line
      .map(({ text }) => text)
      .join('')
      .trim()
      .replaceAll(/ {2,}/g, '  '),
  );
  for (const text of texts) assert.ok(cells(text) <= columns, text);
  return texts.slice(0, -1).join('\n');
}

test('the alias stands before the Region and the account; where all do not fit, the caller is shortened and then left out', () => {
  assert.equal(head(100, where), 'Keyferry  alias/my-photos · us-east-1 · 111122223333 · role/SecurityAdmin');
  assert.equal(head(80, where), 'Keyferry  alias/my-photos · us-east-1 · 111122223333 · role/SecurityAdmin');
  assert.equal(head(60, where), 'Keyferry\nalias/my-photos · us-east-1 · 111122223333 · SecurityAdmin');
  assert.equal(head(45, where), 'Keyferry\nalias/my-photos · us-east-1 · 111122223333');
});

test('practice gives the place of its only account to the alias', () => {
  assert.equal(head(80, practice), 'Keyferry  alias/my-photos · PRACTICE · us-east-1 · role/SecurityAdmin');
  assert.equal(head(60, practice), 'Keyferry  PRACTICE\nalias/my-photos · us-east-1 · role/SecurityAdmin');
  assert.equal(head(45, practice), 'Keyferry  PRACTICE\nalias/my-photos · us-east-1 · SecurityAdmin');
});

test('a long alias is whole as long as the account fits beside it, and then shortened', () => {
  const long = { ...where, alias: `alias/${'payments-'.repeat(3)}2026` };
  assert.equal(head(80, long), `Keyferry  ${long.alias} · us-east-1 · 111122223333`);
  assert.equal(head(45, long), 'Keyferry\nalias/payments-pa… · us-east-1 · 111122223333');
  assert.equal(head(40, long), 'Keyferry\nus-east-1 · 111122223333 · SecurityAdmin');
});

test('before the alias is chosen, the header is without it', () => {
  assert.equal(head(80, { ...where, alias: '' }), 'Keyferry  us-east-1 · 111122223333 · role/SecurityAdmin');
  assert.equal(
    head(80, { ...practice, alias: '' }),
    'Keyferry  PRACTICE · us-east-1 · 000000000000 · role/SecurityAdmin',
  );
});
