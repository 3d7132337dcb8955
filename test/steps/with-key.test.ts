import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { keyCheckValue } from '../../source/material/check-value.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import { isKeyLost, withKey, withKeyAtHand } from '../../source/steps/with-key.ts';
import { key } from '../material/samples.ts';
import { newFolder } from '../new-folder.ts';
import { makeServices } from '../services.ts';

const checkValue = keyCheckValue(SecretBytes.takeFrom(Buffer.from(key)));

test('a key at hand is the one of the ceremony: a file that holds another key is passed over', async (t) => {
  const { services } = await makeServices(t);
  services.folder.make();
  const source = join(newFolder(), 'my.key');
  const facts = { secret: { origin: 'file', bytes: 32, checkValue, source } } as const;
  const atHand = () => withKeyAtHand(facts, services, (secret) => secret?.use((bytes) => bytes.toString('hex')));
  writeFileSync(services.folder.file('plain_text_aes_key.bin'), SecretBytes.generate().use(Buffer.from), {
    mode: 0o600,
  });
  assert.equal(atHand(), undefined);
  writeFileSync(source, key, { mode: 0o600 });
  assert.equal(atHand(), key.toString('hex'));
});

test('a key that is made anew and cannot be noted is forgotten: nothing is wrapped that nobody knows', async (t) => {
  const { services } = await makeServices(t);
  services.folder.make();
  const facts = { secret: { origin: 'generated', bytes: 32, checkValue } } as const;
  services.journal.append({ kind: 'begun', ceremony: 'first-import', id: 'one', version: '0.0.0' });
  services.journal.append({ kind: 'done', step: 'secret-key', facts });
  assert.equal(isKeyLost(facts, services), true);
  services.journal.close();
  const wrapping = withKey({ facts, answers: {}, services }, () => assert.fail('It was used.'));
  await assert.rejects(wrapping, /The journal is closed/);
  assert.equal(services.secrets.key, undefined);
});
