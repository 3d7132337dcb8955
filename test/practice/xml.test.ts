import assert from 'node:assert/strict';
import { test } from 'node:test';
import { element, elements, fromXml, textOf, toXml } from '../../source/practice/xml.ts';

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

test('elements without a value are left out at every depth, and one or several of a name are a list', () => {
  const written = toXml({ A: { B: undefined, C: ['x', { D: undefined, E: 0 }], F: '', G: false } });
  assert.match(written, /^<\?xml [^>]+>\n<A><C>x<\/C><C><E>0<\/E><\/C><F\/><G>false<\/G><\/A>$/);
  const { A } = fromXml('<A><B>x</B><B> y </B><C><D>z</D></C><E/></A>') ?? {};
  assert.deepEqual(elements(A, 'B'), ['x', ' y ']);
  assert.deepEqual(elements(A, 'C'), [{ D: 'z' }]);
  for (const parent of [A, undefined, null, 'text', 7]) assert.deepEqual(elements(parent, 'none'), []);
  assert.deepEqual(
    ['B', 'C', 'E', 'none'].map((name) => textOf(A, name)),
    ['x', undefined, '', undefined],
  );
  assert.equal(textOf(element(A, 'C'), 'D'), 'z');
});
