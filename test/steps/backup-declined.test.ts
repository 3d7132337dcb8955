import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backupQuestions } from '../../source/steps/backup-questions.ts';
import type { SecretKey } from '../../source/steps/secret-key-fact.ts';
import type { Services } from '../../source/steps/services.ts';
import { makeServices } from '../services.ts';

const description = { alias: 'alias/a', description: '', acknowledged: true } as const;
const key: SecretKey = { origin: 'file', bytes: 32, checkValue: { method: 'AES-CMAC', value: '0011223344' } };

function helpOf(secret: SecretKey, services: Services): string {
  const questions = backupQuestions({ secret, description }, { how: 'none' }, services);
  return questions.find(({ id }) => id === 'confirm-none')?.help ?? '';
}

test('going on without a backup names the file that the person brought as a copy', async (t) => {
  const { services } = await makeServices(t);
  const helpFor = (secret: SecretKey) => helpOf(secret, services);
  const source = '/home/me/my.key';
  const file = 'plain_text_aes_key.bin';
  assert.match(
    helpFor({ ...key, source }),
    /^The only copy that Keyferry knows of is then your own file:\n\/home\/me\/my\.key\n/,
  );
  assert.match(
    helpFor({ ...key, source, file }),
    /^Copies are then plain_text_aes_key\.bin and your own file, .*:\n\/home\/me\/my\.key\n/,
  );
  assert.match(helpFor({ ...key, origin: 'generated', file }), /^The only copy is then plain_text_aes_key\.bin/);
  assert.match(helpFor({ ...key, origin: 'generated' }), /^The key is only in memory/);
});
