import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backupFileName, folderName, importFileNames, recordNamesOf } from '../../source/steps/file-names.ts';

test('the pair of a wrapping key and its token has the id of the key and the moment in UTC, as in the console', () => {
  assert.deepEqual(importFileNames('one', new Date('2026-11-25T14:02:07.890Z')), {
    publicKeyFile: 'wrappingKey_one_1125140207',
    tokenFile: 'importToken_one_1125140207',
  });
});

test('an alias gives a name that is one part of a path and that the disk takes', () => {
  for (const [alias, part] of [
    ['alias/payments-2026', 'payments-2026'],
    ['alias/team/pay:eu//x', 'team-pay-eu-x'],
    ['8f3c2a10', '8f3c2a10'],
    ['my/alias/a', 'my-alias-a'],
    [`alias/${'a'.repeat(250)}`, 'a'.repeat(200)],
  ] as const) {
    assert.equal(backupFileName(alias), `${part}.key.age`);
    assert.equal(folderName(alias), `keyferry-${part}`);
  }
});

test('the record of a later ceremony is called as its journal', () => {
  assert.deepEqual(recordNamesOf('journal-reimport-20261125T140200Z.jsonl'), {
    markdown: 'record-reimport-20261125T140200Z.md',
    json: 'record-reimport-20261125T140200Z.json',
  });
});
