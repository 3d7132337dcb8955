import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DescribeKeyCommand } from '@aws-sdk/client-kms';
import { between } from '../faults/between.ts';
import { newFolder } from '../new-folder.ts';
import { practise } from '../practice/practising.ts';
import { beginImport } from './ceremony.ts';

test('an import whose answer was lost, and which KMS does not show yet, is sent again and counts as done', async (t) => {
  const practice = await practise(t, {
    folder: newFolder({ inMemory: true }),
    settings: { faults: [{ operation: 'kms:ImportKeyMaterial', do: 'drop-after', times: 1 }] },
  });
  const proxy = await between(practice.server.endpoint);
  t.after(proxy.close);
  const ceremony = await beginImport(t, { practice, endpoint: proxy.endpoint });
  const { key } = await ceremony.upTo('wrap');
  const { KeyId, Arn, Origin } = {
    ...(await practice.kms().send(new DescribeKeyCommand({ KeyId: key?.keyId }))).KeyMetadata,
  };
  const asBefore = JSON.stringify({ KeyMetadata: { KeyId, Arn, Origin, KeyState: 'PendingImport', Enabled: false } });
  let imports = 0;
  proxy.decide((call) => {
    if (call === 'kms:ImportKeyMaterial') imports += 1;
    return call === 'kms:DescribeKey' && imports < 2 ? { status: 200, body: asBefore } : undefined;
  });

  const { imported } = await ceremony.upTo('import');
  assert.equal(imports, 2);
  const sent = ceremony.calls.filter(({ operation }) => operation === 'KMS.ImportKeyMaterial');
  assert.equal(sent.at(-1)?.error, 'IncorrectKeyMaterialException');
  const { KeyMetadata } = await practice.kms().send(new DescribeKeyCommand({ KeyId: key?.keyId }));
  assert.equal(KeyMetadata?.KeyState, 'Enabled');
  assert.equal(imported?.keyMaterialId, KeyMetadata?.CurrentKeyMaterialId);
});
