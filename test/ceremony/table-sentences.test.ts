import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tableSentences } from '../../source/ceremony/table-sentences.ts';

test('a table is told row by row, with the heads of the columns that have a tick, or nothing', () => {
  const head = ['Role', 'use', 'import', 'delete'];
  const rows = [
    ['admin', true, false, true],
    ['auditor', false, false, false],
    ['importer', 'by alias', true, false],
  ];
  assert.deepEqual(tableSentences({ head, rows }), [
    'admin: use, delete',
    'auditor: nothing',
    'importer: use (by alias), import',
  ]);
});

test('a table of names alone has nothing beside them', () => {
  assert.deepEqual(tableSentences({ head: ['Role'], rows: [['admin']] }), ['admin: nothing']);
});

test('a table without heads is told as names with their texts', () => {
  assert.deepEqual(
    tableSentences({
      head: [],
      rows: [
        ['Key', 'alias/a'],
        ['Region', 'us-east-1'],
      ],
    }),
    ['Key: alias/a', 'Region: us-east-1'],
  );
});
