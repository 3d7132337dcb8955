import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backupQuestions } from '../../source/steps/backup-questions.ts';
import type { Facts, SecretKey } from '../../source/steps/facts.ts';
import type { Services } from '../../source/steps/services.ts';

const services = {
  secrets: { secret: {} },
  folder: { has: () => false, file: (name: string) => name },
  journal: { state: { done: new Set() } },
} as unknown as Services;
const description = { alias: 'alias/a', description: '' };
const key: SecretKey = { origin: 'file', bytes: 32, checkValue: { method: 'AES-CMAC', value: '0011223344' } };

function helpOf(secret: SecretKey): string {
  const questions = backupQuestions({ secret, description } as Facts, { how: 'none' }, services);
  return questions.find(({ id }) => id === 'confirm-none')?.help ?? '';
}

test('going on without a backup names the file that the person brought as a copy', () => {
  const source = '/home/me/my.key';
  const file = 'plain_text_aes_key.bin';
  assert.match(
    helpOf({ ...key, source }),
    /^The only copy that Keyferry knows of is then your own file:\n\/home\/me\/my\.key\n/,
  );
  assert.match(
    helpOf({ ...key, source, file }),
    /^Copies are then plain_text_aes_key\.bin and your own file, .*:\n\/home\/me\/my\.key\n/,
  );
  assert.match(helpOf({ ...key, origin: 'generated', file }), /^The only copy is then plain_text_aes_key\.bin/);
  assert.match(helpOf({ ...key, origin: 'generated' }), /^The key is only in memory/);
});
