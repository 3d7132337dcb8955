import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import { statedWords, valuesOfBackup } from '../../source/steps/backup-values.ts';
import { compare } from '../../source/steps/compare.ts';
import type { Imported } from '../../source/steps/facts.ts';
import { checkValuesOf, type SecretKey } from '../../source/steps/secret-key-fact.ts';
import type { Services } from '../../source/steps/services.ts';
import { foreverImported, wrappedHere } from '../known-facts.ts';
import { makeOfflineServices } from '../offline-services.ts';
import { bareContext } from './acting.ts';

const look = { file: '/w/a.key.age', by: 'passphrase', sha256: '', recorded: true } as const;
const keyOf = (byte: number) => SecretBytes.takeFrom(Buffer.alloc(32, byte));
const valuesOf = (byte: number) => {
  using key = keyOf(byte);
  const { checkValue, zeroBlockCheckValue = '' } = checkValuesOf(key);
  return { checkValue: checkValue.value, zeroBlockCheckValue };
};

/** Compares a backup that holds 32 times this byte with what is on record. */
async function compared(byte: number, secret: SecretKey, secretInKms: Imported['secretInKms'] = 'shown') {
  const key = keyOf(byte);
  const services: Services = {
    ...makeOfflineServices(),
    clock: () => new Date('2026-11-25T14:00:00Z'),
    recorded: {
      wrapped: wrappedHere,
      imported: { ...foreverImported, ...(secretInKms === undefined ? {} : { secretInKms }) },
    },
  };
  services.secrets.holdKey(key);
  const context = bareContext({ facts: { look, secret }, services });
  const { compared: result } = await compare.act(context);
  return { result, key, services };
}

const recorded = (byte: number): SecretKey => ({
  origin: 'generated',
  bytes: 32,
  checkValue: { method: 'AES-CMAC', value: valuesOf(byte).checkValue },
});
const stated = (byte: number): SecretKey => ({
  origin: 'elsewhere',
  keeper: 'HSM',
  statedCheckValue: { method: 'zero block', value: valuesOf(byte).zeroBlockCheckValue },
});

test('a backup is the key on record only with its check value, and never where KMS has refused that key', async () => {
  for (const [secret, secretInKms, same] of [
    [recorded(1), 'shown', true],
    [recorded(1), 'not shown', true],
    [recorded(1), 'other', false],
    [recorded(2), 'shown', false],
    [stated(1), 'not shown', true],
    [stated(1), 'other', false],
    [stated(2), 'not shown', false],
  ] as const) {
    const { result } = await compared(1, secret, secretInKms);
    assert.deepEqual(result, {
      ...valuesOf(1),
      ...(secret.origin === 'elsewhere'
        ? { asStated: secret.statedCheckValue?.value !== valuesOf(2).zeroBlockCheckValue }
        : {}),
      same,
      secretInKms,
      comparedAt: '2026-11-25T14:00:00.000Z',
    });
    const said = `The record says: ${same ? 'the same key' : 'another key'}`;
    assert.equal(compare.receipt(result === undefined ? {} : { compared: result }), said);
  }
});

test('the key of a backup is zero in memory once it is compared', async () => {
  const { key, services } = await compared(1, recorded(1));
  assert.equal(services.secrets.key, undefined);
  assert.throws(() => key.use(() => {}), /destroyed/);
});

test('what was stated of a key is said beside the check value of the same method in the backup', () => {
  const { checkValue, zeroBlockCheckValue } = valuesOf(1);
  const keeper = { origin: 'elsewhere', keeper: 'HSM' } as const;
  const saidOf = (method: 'AES-CMAC' | 'zero block', value: string) => {
    const secret = { ...keeper, statedCheckValue: { method, value } };
    using key = keyOf(1);
    return statedWords(secret, valuesOfBackup(key, secret));
  };
  assert.deepEqual(statedWords(keeper, valuesOf(1)), []);
  assert.deepEqual(saidOf('zero block', zeroBlockCheckValue), [
    `It has the key check value that HSM stated: ${zeroBlockCheckValue} (zero block).`,
  ]);
  assert.deepEqual(saidOf('zero block', '000000'), [
    `Its key check value is ${zeroBlockCheckValue} (zero block); HSM stated 000000.`,
  ]);
  assert.deepEqual(saidOf('AES-CMAC', '0000000000'), [
    `Its key check value is ${checkValue} (AES-CMAC); HSM stated 0000000000.`,
  ]);
});
