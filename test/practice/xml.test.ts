import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromXml } from '../../source/practice/xml.ts';

test('character references are read, as Go and others write them', () => {
  assert.deepEqual(fromXml('<Part><ETag>&#34;abc&#x22;&quot;</ETag><Key>a&amp;lt;b</Key></Part>'), {
    Part: { ETag: '"abc""', Key: 'a&lt;b' },
  });
});
