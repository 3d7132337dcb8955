import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProblemError } from '../../source/ceremony/problem.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { isTokenUsedUp, refuseOldToken } from '../../source/steps/token-life.ts';
import { refusal } from '../aws/answering-clients.ts';
import { makeServices } from '../services.ts';

test('a token is used until ten minutes before its end, and no longer', async (t) => {
  const validTo = new Date('2026-11-26T12:00:00Z');
  const wrapping: Facts['wrapping'] = {
    algorithm: 'RSAES_OAEP_SHA_256',
    keySpec: 'RSA_2048',
    publicKeySha256: '',
    publicKeyFile: '',
    tokenFile: '',
    validTo: validTo.toISOString(),
  };
  const { services } = await makeServices(t);
  const askedBefore = (seconds: number) => () =>
    refuseOldToken(
      { wrapping, wrapped: { file: '', bytes: 256, by: 'keyferry' } },
      { ...services, clock: () => new Date(validTo.getTime() - seconds * 1000) },
    );
  assert.doesNotThrow(askedBefore(601));
  for (const [seconds, were] of [
    [600, 'are'],
    [1, 'are'],
    [-1, 'were'],
  ] as const)
    assert.throws(askedBefore(seconds), (error) => {
      assert.ok(error instanceof ProblemError);
      const why = `The wrapping key and the token ${were} valid until 2026-11-26 12:00 UTC.`;
      assert.equal(error.problem.why, why);
      return true;
    });
});

test('a token counts as used up where KMS calls it expired or not valid, and by no other error', () => {
  const names = ['ExpiredImportTokenException', 'InvalidImportTokenException', 'InvalidCiphertextException'];
  assert.deepEqual(
    names.map((name) => isTokenUsedUp(refusal(name, 400))),
    [true, true, false],
  );
  assert.equal(isTokenUsedUp({ name: names[0] }), false);
});
