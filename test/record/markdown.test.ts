import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inline } from '../../source/record/markdown.ts';

test('what somebody wrote into a description or a tag is text in a record, and no link, picture, code or HTML', () => {
  for (const [written, inRecord] of [
    ['a | b', 'a \\| b'],
    ['[see here](https://example.com)', '\\[see here\\](https://example.com)'],
    ['![x](y)', '!\\[x\\](y)'],
    ['<b>&lt;', '\\<b>\\&lt;'],
    ['`code` *loud* ~gone~', '\\`code\\` \\*loud\\* \\~gone\\~'],
    ['back\\|slash', 'back\\\\\\|slash'],
    ['two\r\nlines', 'two lines'],
    ['alias/my_key', 'alias/my_key'],
  ] as const)
    assert.equal(inline(written), inRecord);
});
