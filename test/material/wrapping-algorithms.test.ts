import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import {
  opensslWrapCommand,
  recommendedPair,
  videoPair,
  wrappingPairs,
} from '../../source/material/wrapping-algorithms.ts';

suite('wrapping algorithms for a SYMMETRIC_DEFAULT key', () => {
  test('each of five algorithms stands once with each of three sizes', () => {
    assert.equal(wrappingPairs.length, 15);
    assert.equal(new Set(wrappingPairs.map(({ algorithm, keySpec }) => `${algorithm} ${keySpec}`)).size, 15);
  });

  test('KMS accepts OAEP alone, with these largest payloads', () => {
    const largest = wrappingPairs.flatMap((pair) =>
      pair.allowed ? [[pair.algorithm, pair.keySpec, pair.maximumBytes]] : [],
    );
    assert.deepEqual(largest, [
      ['RSAES_OAEP_SHA_256', 'RSA_4096', 446],
      ['RSAES_OAEP_SHA_256', 'RSA_3072', 318],
      ['RSAES_OAEP_SHA_256', 'RSA_2048', 190],
      ['RSAES_OAEP_SHA_1', 'RSA_4096', 470],
      ['RSAES_OAEP_SHA_1', 'RSA_3072', 342],
      ['RSAES_OAEP_SHA_1', 'RSA_2048', 214],
    ]);
  });

  test('what KMS rejects says why', () => {
    for (const pair of wrappingPairs) {
      if (!pair.allowed)
        assert.match(
          pair.reason,
          pair.algorithm === 'RSAES_PKCS1_V1_5' ? /ended in October 2023/ : /not for 256-bit keys/,
        );
    }
  });

  test('the recommended pair comes first, and the pair of the video is accepted', () => {
    const first = wrappingPairs[0];
    assert.deepEqual({ algorithm: first?.algorithm, keySpec: first?.keySpec }, recommendedPair);
    const video = wrappingPairs.find(
      ({ algorithm, keySpec }) => algorithm === videoPair.algorithm && keySpec === videoPair.keySpec,
    );
    assert.equal(video?.allowed, true);
    assert.deepEqual(videoPair, { algorithm: 'RSAES_OAEP_SHA_1', keySpec: 'RSA_2048' });
  });

  test('the openssl command is one line that names both hashes and quotes its files', () => {
    const command = opensslWrapCommand({
      algorithm: 'RSAES_OAEP_SHA_256',
      keyFile: "my key's file.bin",
      wrappingKeyFile: 'my wrappingKey',
      outFile: '$HOME/enc.aes.key',
    });
    assert.equal(
      command,
      String.raw`openssl pkeyutl -encrypt -in 'my key'\''s file.bin' -out '$HOME/enc.aes.key' -inkey 'my wrappingKey' -keyform DER -pubin -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 -pkeyopt rsa_mgf1_md:sha256`,
    );
  });
});
