import { AwsError } from '../aws-error.ts';
import { sealToken } from './import-token.ts';
import { arnOf } from './key-record.ts';
import { needExternalOrigin, needState } from './key-states.ts';
import { findKey } from './key-store.ts';
import { keyId } from './members.ts';
import { operation } from './operation.ts';
import { algorithmSpecs, findWrapping, wrappingKeySpecNames } from './wrapping-table.ts';

const day = 24 * 60 * 60_000;

/**
 * GetParametersForImport. Gives a wrapping public key and a token, both valid for 24 hours. Earlier keys and tokens stay
 * valid. The text of the error is from recorded answers, Sep 2026.
 */
export const getParametersForImport = operation(
  { on: 'key' },
  {
    KeyId: keyId,
    WrappingAlgorithm: { kind: 'choice', values: algorithmSpecs, required: true },
    WrappingKeySpec: { kind: 'choice', values: wrappingKeySpecNames, required: true },
  },
  (call, input) => {
    const conditions = {
      'kms:WrappingAlgorithm': input.WrappingAlgorithm,
      'kms:WrappingKeySpec': input.WrappingKeySpec,
    };
    const key = findKey({ ...call, conditions }, input.KeyId, 'without aliases');
    needExternalOrigin(key);
    needState('GetParametersForImport', key);
    const wrapping = findWrapping(key.keySpec, input.WrappingAlgorithm, input.WrappingKeySpec);
    if (!wrapping) {
      throw new AwsError(
        'ValidationException',
        `Wrapping algorithm ${input.WrappingAlgorithm} and wrapping key spec ${input.WrappingKeySpec} cannot be used to import a ${key.keySpec} key.`,
      );
    }
    const { pairId, publicKey } = call.wrappingPairs.take(wrapping.wrappingKeySpec);
    const validTo = call.now().getTime() + day;
    const token = sealToken(call.hsm, { keyArn: arnOf(key), algorithm: wrapping.algorithm, pairId, validTo });
    return {
      KeyId: arnOf(key),
      ImportToken: token.toString('base64'),
      PublicKey: publicKey.toString('base64'),
      ParametersValidTo: validTo / 1000,
    };
  },
);
