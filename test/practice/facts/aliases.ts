import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type Fact, refused, type World } from './fact.ts';
import { policyFor } from './policy-for.ts';

const Plaintext = Buffer.of(1);

const anAlias = () => `alias/${randomBytes(6).toString('hex')}`;

const arnOfAlias = (w: World, name: string) => `arn:aws:kms:us-east-1:${w.account}:${name}`;

async function aliased(w: World, target: string): Promise<string> {
  const AliasName = anAlias();
  await w.kms('CreateAlias', { AliasName, TargetKeyId: target });
  return AliasName;
}

/** Section 1.3. */
export const aliasFacts: readonly Fact[] = [
  [
    '1.3',
    'an alias name has up to 256 characters of the pattern',
    async (w) => {
      const { KeyId } = await w.key();
      const create = (AliasName: string) => w.kms('CreateAlias', { AliasName, TargetKeyId: KeyId });
      const name = `${anAlias()}/:_-${'x'.repeat(300)}`;
      await create(name.slice(0, 256));
      await refused(create(name.slice(0, 257)), 'ValidationException');
      await refused(
        create('alias/a b'),
        'ValidationException',
        "1 validation error detected: Value 'alias/a b' at 'aliasName' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$",
      );
    },
  ],
  [
    '1.3',
    'an alias begins with alias/',
    async (w) =>
      refused(
        w.kms('CreateAlias', { AliasName: 'mine', TargetKeyId: (await w.key()).KeyId }),
        'ValidationException',
        'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
      ),
  ],
  [
    '1.3',
    'alias/aws/ is reserved (code unverified)',
    async (w) =>
      refused(
        w.kms('CreateAlias', { AliasName: 'alias/aws/mine', TargetKeyId: (await w.key()).KeyId }),
        'InvalidAliasNameException',
      ),
  ],
  [
    '1.3',
    'an alias that is not there (unverified)',
    async (w) => {
      const name = anAlias();
      const text = `Alias ${arnOfAlias(w, name)} is not found.`;
      await refused(w.kms('DescribeKey', { KeyId: name }), 'NotFoundException', text);
      await refused(w.kms('DeleteAlias', { AliasName: name }), 'NotFoundException', text);
    },
  ],
  [
    '1.3',
    'a second alias of the name (unverified)',
    async (w) => {
      const { KeyId } = await w.key();
      const AliasName = await aliased(w, KeyId);
      const text = `An alias with the name ${arnOfAlias(w, AliasName)} already exists`;
      await refused(w.kms('CreateAlias', { AliasName, TargetKeyId: KeyId }), 'AlreadyExistsException', text);
    },
  ],
  [
    '1.3',
    'an alias, or its ARN, stands for its key in cryptography, DescribeKey and GetPublicKey',
    async (w) => {
      const { KeyId, Arn } = await w.imported();
      const name = await aliased(w, KeyId);
      for (const given of [name, arnOfAlias(w, name)]) {
        assert.equal((await w.describe(given)).KeyId, KeyId);
        const { CiphertextBlob, KeyId: used } = await w.kms('Encrypt', { KeyId: given, Plaintext });
        assert.equal(used, Arn);
        await w.kms('Decrypt', { KeyId: given, CiphertextBlob });
        await w.kms('GenerateDataKey', { KeyId: given, KeySpec: 'AES_256' });
      }
      const pair = await w.key({ Origin: 'AWS_KMS', KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
      await w.kms('GetPublicKey', { KeyId: await aliased(w, pair.KeyId) });
    },
  ],
  [
    '1.3',
    "another account's alias is not the alias of that name here (words unverified)",
    async (w) => {
      const name = await aliased(w, (await w.imported()).KeyId);
      const KeyId = arnOfAlias(w, name).replace(w.account, '111122223333');
      await refused(w.kms('DescribeKey', { KeyId }), 'AccessDeniedException');
      await refused(w.kms('Encrypt', { KeyId, Plaintext }), 'AccessDeniedException');
    },
  ],
  ...(
    [
      ['RotateKeyOnDemand', {}],
      ['GetKeyRotationStatus', {}],
      ['ListKeyRotations', {}],
      ['EnableKey', {}],
      ['DisableKey', {}],
      ['ScheduleKeyDeletion', {}],
      ['CancelKeyDeletion', {}],
      ['GetKeyPolicy', {}],
      ['DeleteImportedKeyMaterial', {}],
      ['UpdateKeyDescription', { Description: '' }],
      ['GetParametersForImport', { WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' }],
      ['ImportKeyMaterial', { ImportToken: Buffer.of(1), EncryptedKeyMaterial: Buffer.of(1) }],
    ] as const
  ).map(
    ([name, input]): Fact => [
      '1.3',
      `${name} takes no alias`,
      async (w) => {
        const KeyId = await aliased(w, (await w.key()).KeyId);
        const text = 'Key Aliases are not supported for this operation.';
        await refused(w.kms(name, { KeyId, ...input }), 'InvalidArnException', text);
      },
    ],
  ),
  [
    '1.3',
    'UpdateAlias moves to a key of the same type and usage',
    async (w) => {
      const [one, other] = [await w.key(), await w.key()];
      const AliasName = await aliased(w, one.KeyId);
      await w.kms('UpdateAlias', { AliasName, TargetKeyId: other.KeyId });
      assert.equal((await w.describe(AliasName)).KeyId, other.KeyId);
      const mac = await w.key({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
      await refused(w.kms('UpdateAlias', { AliasName, TargetKeyId: mac.KeyId }), 'ValidationException');
      const rsa = await w.key({ KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' });
      await refused(w.kms('UpdateAlias', { AliasName, TargetKeyId: rsa.KeyId }), 'ValidationException');
      const ofPair = await aliased(w, rsa.KeyId);
      const signing = await w.key({ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' });
      await refused(w.kms('UpdateAlias', { AliasName: ofPair, TargetKeyId: signing.KeyId }), 'ValidationException');
    },
  ],
  [
    '1.3',
    'ListAliases lists predefined aliases without a target',
    async (w) => {
      const { Aliases } = await w.kms('ListAliases', {}, { region: 'eu-north-1' });
      assert.deepEqual(
        Aliases?.find(({ AliasName }) => AliasName === 'alias/aws/ebs'),
        { AliasName: 'alias/aws/ebs', AliasArn: `arn:aws:kms:eu-north-1:${w.account}:alias/aws/ebs` },
      );
      assert.deepEqual(
        Aliases?.map(({ AliasName }) => AliasName),
        ['ebs', 'lambda', 's3', 'secretsmanager'].map((name) => `alias/aws/${name}`),
      );
    },
  ],
  [
    '1.3',
    'ListAliases says when an alias was made and when it was moved, and lists the alias of S3 once when it has its key',
    async (w) => {
      const where = { region: 'eu-south-1' };
      const [{ KeyId }, other] = [await w.key({}, where), await w.key({}, where)];
      const made = w.now;
      await w.kms('CreateAlias', { AliasName: 'alias/mine', TargetKeyId: KeyId }, where);
      w.pass(2000);
      await w.kms('UpdateAlias', { AliasName: 'alias/mine', TargetKeyId: other.KeyId }, where);
      const Bucket = await w.bucket('eu-south-1');
      await w.s3('PutObject', { Bucket, Key: 'k', Body: 'b', ServerSideEncryption: 'aws:kms' }, where);
      const { Aliases = [] } = await w.kms('ListAliases', {}, where);
      const names = Aliases.map(({ AliasName }) => AliasName);
      assert.deepEqual(names, [...new Set(names)].sort());
      const found = Aliases.find(({ AliasName }) => AliasName === 'alias/mine');
      assert.deepEqual(
        [found?.TargetKeyId, found?.CreationDate?.getTime(), found?.LastUpdatedDate?.getTime()],
        [other.KeyId, made, made + 2000],
      );
      assert.ok(Aliases.find(({ AliasName }) => AliasName === 'alias/aws/s3')?.TargetKeyId);
    },
  ],
  [
    '1.3',
    'CreateAlias, UpdateAlias and DeleteAlias need permission for the alias as well as for the key',
    async (w) => {
      const as = w.practice.server.credentialsOf('secops-1');
      const { KeyId } = await w.key({ Policy: policyFor(w, `arn:aws:iam::${w.account}:role/SecurityAdmin`) });
      const denied = (call: Promise<unknown>) => refused(call, 'AccessDeniedException');
      await denied(w.kms('CreateAlias', { AliasName: anAlias(), TargetKeyId: KeyId }, { as }));
      const AliasName = await aliased(w, KeyId);
      const own = await w.key();
      await denied(w.kms('UpdateAlias', { AliasName, TargetKeyId: own.KeyId }, { as }));
      await denied(w.kms('DeleteAlias', { AliasName }, { as }));
      await w.control({ deny: { SecurityAdmin: ['kms:DeleteAlias'] } }, async () =>
        refused(
          w.kms('DeleteAlias', { AliasName }),
          'AccessDeniedException',
          `User: arn:aws:sts::${w.account}:assumed-role/SecurityAdmin/you is not authorized to perform: kms:DeleteAlias on resource: ${arnOfAlias(w, AliasName)} because no identity-based policy allows the kms:DeleteAlias action`,
        ),
      );
      await w.kms('DeleteAlias', { AliasName });
    },
  ],
];
