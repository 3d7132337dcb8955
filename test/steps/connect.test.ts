import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProblemError } from '../../source/ceremony/problem.ts';
import { between } from '../faults/between.ts';
import { newFolder } from '../new-folder.ts';
import { practise } from '../practice/practising.ts';
import { beginImport } from './ceremony.ts';

for (const [name, fate] of [
  ['no body', { status: 407, body: '' }],
  ['plain text', { status: 407, headers: { 'content-type': 'text/plain' }, body: 'Proxy Authentication Required' }],
  ['a page', { status: 407, headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' }],
] as const) {
  test(`a 407 with ${name} is told as a proxy's, and not as an answer of AWS`, async (t) => {
    const practice = await practise(t, { folder: newFolder({ inMemory: true }) });
    const proxy = await between(practice.server.endpoint);
    t.after(proxy.close);
    proxy.decide(() => fate);
    const ceremony = await beginImport(t, { practice, endpoint: proxy.endpoint });
    await assert.rejects(ceremony.upTo('connect'), (error) => {
      assert.ok(error instanceof ProblemError);
      const { why = '', next } = error.problem;
      assert.match(why, /proxy/i);
      assert.doesNotMatch(why, /AWS (says|refused)/);
      assert.match(next.join(' '), /proxy/i);
      return true;
    });
    assert.equal(ceremony.facts.connection, undefined);
  });
}
