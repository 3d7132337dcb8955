import assert from 'node:assert/strict';
import { test } from 'node:test';
import { code, inline } from '../../source/record/markdown.ts';
import { runbook } from '../../source/record/runbook.ts';

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

test('code in a record is one line, and no sign in it ends the code or the cell of a table', () => {
  for (const [written, inRecord] of [
    ['two\r\nlines', '`two lines`'],
    ['two\rlines\nor three', '`two lines or three`'],
    ['`a` or `b`', "`'a' or 'b'`"],
    ['a|b|c', '`a\\|b\\|c`'],
  ] as const)
    assert.equal(code(written), inRecord);
});

test('a file name in a runbook is text, and no link, HTML or emphasis', () => {
  const page = runbook({
    title: 'alias/app',
    version: '1.0.0',
    finishedAt: 'T9',
    accountId: '111122223333',
    region: 'eu-central-1',
    again: '',
    steps: [
      {
        title: 'Objects',
        why: 'Why.',
        receipt: 'Encrypted [a](b) &lt; c\\*d* ~e~ f_g',
        commands: [
          { says: 'Encrypts [a](b)', shell: 'aws s3 cp' },
          { says: 'Says', shell: 'echo `date` "````"' },
          { says: 'Says it', shell: 'echo `date`' },
        ],
      },
    ],
  });
  assert.match(page, /^Done: Encrypted \\\[a\\\]\(b\) \\&lt; c\\\\\\\*d\\\* \\~e\\~ f\\_g\.$/m);
  assert.match(page, /^Encrypts \\\[a\\\]\(b\):$/m);
  // A row of backticks in a command does not end its block.
  assert.match(page, /^Says:\n\n`````sh\necho `date` "````"\n`````$/m);
  assert.match(page, /^Says it:\n\n```sh\necho `date`\n```$/m);
});
