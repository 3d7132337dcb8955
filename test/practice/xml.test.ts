import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromXml, toXml } from '../../source/practice/xml.ts';

test('character references are read, as Go and others write them', () => {
  assert.deepEqual(fromXml('<Part><ETag>&#34;abc&#x22;&quot;</ETag><Key>a&amp;lt;b</Key></Part>'), {
    Part: { ETag: '"abc""', Key: 'a&lt;b' },
  });
});

test('control characters are written as S3 writes them, and line ends as they are', () => {
  const written = toXml({ Key: 'a\u0001b\bc\u001bd\te\rf\ng&#x1;\u007fü' });
  assert.match(written, /<Key>a&#x1;b&#x8;c&#x1b;d\te\rf\ng&amp;#x1;\u007fü<\/Key>/);
});

test('a document with a type of its own, or that is not whole, is not read', () => {
  const text = '<Delete><Object><Key>k</Key></Object></Delete>';
  assert.ok(fromXml(text));
  for (const broken of [`<!DOCTYPE Delete>${text}`, `<!doctype x [<!entity a "b">]>${text}`, text.slice(0, -1), 'text'])
    assert.equal(fromXml(broken), undefined, broken);
});
