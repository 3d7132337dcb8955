import assert from 'node:assert/strict';
import { execSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  DecryptCommand,
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  EncryptCommand,
  ImportKeyMaterialCommand,
  KMSClient,
} from '@aws-sdk/client-kms';
import { opensslWrapCommand } from '../../source/material/wrapping-algorithms.ts';
import { startPracticeAws } from '../../source/practice/server.ts';
import { answersFile, exampleWith } from '../e2e/answers.ts';
import { keyferry } from '../e2e/program.ts';
import { newFolder } from '../new-folder.ts';

const noOpenssl = spawnSync('openssl', ['version']).status === 0 ? false : 'no openssl';

for (const [algorithm, keySpec] of [
  ['RSAES_OAEP_SHA_256', 'RSA_4096'],
  ['RSAES_OAEP_SHA_1', 'RSA_2048'],
] as const) {
  test(`what openssl wraps from the ceremony's own files is accepted by a later import: ${algorithm}, ${keySpec}`, {
    skip: noOpenssl,
  }, async (t) => {
    const folder = newFolder();
    const answers = answersFile(folder, exampleWith({ 'wrapping-key': { wrapping: `${algorithm} ${keySpec}` } }));
    const { status, stdout, stderr } = await keyferry(
      ['run', answers, '--practice', '--workdir', 'w', '--json'],
      folder,
    );
    assert.equal(status, 0, stderr);
    const { keyArn } = JSON.parse(stdout);
    const w = join(folder, 'w');
    const named = (prefix: string) => readdirSync(w).find((name) => name.startsWith(prefix)) ?? '';
    const wrapping = {
      keyFile: 'plain_text_aes_key.bin',
      wrappingKeyFile: named('wrappingKey_'),
      outFile: 'by-hand.key',
    };
    execSync(opensslWrapCommand({ algorithm, ...wrapping }), { cwd: w });

    const aws = await startPracticeAws({ stateFolder: join(w, 'keyferry-practice-aws') });
    t.after(() => aws.close());
    const kms = new KMSClient({ endpoint: aws.endpoint, region: 'us-east-1', credentials: aws.credentials });
    const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId: keyArn, Plaintext: Buffer.from('before') }));
    await kms.send(new DeleteImportedKeyMaterialCommand({ KeyId: keyArn }));
    await kms.send(
      new ImportKeyMaterialCommand({
        KeyId: keyArn,
        ImportToken: readFileSync(join(w, named('importToken_'))),
        EncryptedKeyMaterial: readFileSync(join(w, 'by-hand.key')),
        ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
        ImportType: 'EXISTING_KEY_MATERIAL',
      }),
    );
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: keyArn }));
    assert.equal(KeyMetadata?.KeyState, 'Enabled');
    const { Plaintext } = await kms.send(new DecryptCommand({ CiphertextBlob }));
    assert.equal(Buffer.from(Plaintext ?? []).toString(), 'before');
  });
}
