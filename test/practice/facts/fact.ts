import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import * as accountSdk from '@aws-sdk/client-account';
import * as iamSdk from '@aws-sdk/client-iam';
import * as sdk from '@aws-sdk/client-kms';
import * as s3sdk from '@aws-sdk/client-s3';
import * as stsSdk from '@aws-sdk/client-sts';
import { controlFileName } from '../../../source/practice/control.ts';
import type { Settings } from '../../../source/practice/control-settings.ts';
import { passTime } from '../key-makers.ts';
import { type Practice, parametersFor, setControl, wrap } from '../practising.ts';
import { sendNamed } from '../send-named.ts';

/** A row of the facts sheet: what it says, under its section's number, and how it shows over HTTP. */
export type Fact = readonly [section: string, fact: string, show: (world: World) => Promise<unknown>];

type Input = Readonly<Record<string, unknown>>;
type Credentials = Practice['server']['credentials'];
type Where = { readonly region?: string; readonly as?: Credentials };

/** The members of answers that the rows look at. */
export type Answer = Partial<
  sdk.CreateKeyResponse &
    sdk.EncryptResponse &
    sdk.DecryptResponse &
    sdk.GenerateDataKeyResponse &
    sdk.ReEncryptResponse &
    sdk.GetParametersForImportResponse &
    sdk.ImportKeyMaterialResponse &
    sdk.ScheduleKeyDeletionResponse &
    sdk.GetKeyPolicyResponse &
    sdk.ListKeyRotationsResponse &
    sdk.GetKeyRotationStatusResponse &
    sdk.ReplicateKeyResponse &
    sdk.ListAliasesResponse &
    sdk.ListKeysResponse &
    sdk.GetPublicKeyResponse &
    sdk.SignResponse &
    sdk.GenerateMacResponse &
    sdk.GetKeyLastUsageResponse &
    sdk.ListResourceTagsResponse &
    sdk.CreateGrantResponse
>;

/** The members of S3's answers that the rows look at. */
export type S3Answer = Partial<
  Omit<s3sdk.GetObjectCommandOutput, 'Body'> &
    s3sdk.CreateMultipartUploadCommandOutput &
    s3sdk.GetBucketEncryptionCommandOutput &
    s3sdk.CopyObjectCommandOutput &
    s3sdk.HeadBucketCommandOutput &
    s3sdk.GetBucketPolicyCommandOutput &
    s3sdk.ListObjectsV2CommandOutput &
    s3sdk.CompleteMultipartUploadCommandOutput &
    s3sdk.DeleteObjectsCommandOutput &
    s3sdk.GetBucketLocationCommandOutput
> & { readonly Body?: { transformToString(): Promise<string> } };

/** The members of IAM's and STS's answers that the rows look at. */
export type IamAnswer = Partial<
  iamSdk.GetRoleResponse & iamSdk.GetUserResponse & iamSdk.SimulatePolicyResponse & iamSdk.ListUsersResponse
>;
export type AccountAnswer = Partial<accountSdk.ListRegionsResponse>;
export type StsAnswer = Partial<
  stsSdk.AssumeRoleResponse & stsSdk.GetCallerIdentityResponse & stsSdk.GetFederationTokenResponse
>;

/** The access keys that an answer of STS gives. */
export function credentialsIn({ Credentials: given }: StsAnswer): Required<Credentials> {
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = given ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

/** What a row works with: one practice AWS for all rows, whose clock only goes forward. */
export class World {
  readonly practice: Practice;
  readonly account: string;

  constructor(practice: Practice) {
    this.practice = practice;
    this.account = practice.server.accountId;
  }

  /** Milliseconds since 1970 of the practice clock. */
  get now(): number {
    return this.practice.clock.now.getTime();
  }

  /** Lets time pass, in milliseconds. */
  pass(milliseconds: number): void {
    passTime(this.practice, milliseconds);
  }

  /** Calls an operation of KMS by its name. */
  async kms(name: string, input: Input = {}, { region, as }: Where = {}): Promise<Answer> {
    return (await sendNamed(this.practice.kms(region, as), sdk, name, input)) as Answer;
  }

  /** Calls an operation of S3 by its name. */
  async s3(name: string, input: Input = {}, { region, as }: Where = {}): Promise<S3Answer> {
    return (await sendNamed(this.practice.s3(region, as), s3sdk, name, input)) as S3Answer;
  }

  /** Calls an operation of IAM by its name. */
  async iam(name: string, input: Input = {}, where: Where = {}): Promise<IamAnswer> {
    return (await sendNamed(new iamSdk.IAMClient(this.#at(where)), iamSdk, name, input)) as IamAnswer;
  }

  /** Calls an operation of STS by its name. */
  async sts(name: string, input: Input = {}, where: Where = {}): Promise<StsAnswer> {
    return (await sendNamed(new stsSdk.STSClient(this.#at(where)), stsSdk, name, input)) as StsAnswer;
  }

  /** Calls an operation of Account Management by its name. */
  async accountManagement(name: string, input: Input = {}, where: Where = {}): Promise<AccountAnswer> {
    return (await sendNamed(new accountSdk.AccountClient(this.#at(where)), accountSdk, name, input)) as AccountAnswer;
  }

  #at({ region = 'us-east-1', as }: Where) {
    const { endpoint, credentials } = this.practice.server;
    return { region, endpoint, credentials: as ?? credentials };
  }

  /** Does something while the control file says so. */
  async control(settings: Settings, work: () => Promise<unknown>): Promise<void> {
    setControl(this.practice, settings);
    try {
      await work();
    } finally {
      rmSync(join(this.practice.folder, controlFileName));
    }
  }

  /** The metadata of a fresh key; EXTERNAL where `input` does not say otherwise. */
  async key(input: Input = {}, where: Where = {}): Promise<{ KeyId: string; Arn: string; metadata: sdk.KeyMetadata }> {
    const { KeyMetadata: metadata } = await this.kms('CreateKey', { Origin: 'EXTERNAL', ...input }, where);
    return { KeyId: metadata?.KeyId ?? '', Arn: metadata?.Arn ?? '', metadata: metadata as sdk.KeyMetadata };
  }

  /** The metadata of a key, as DescribeKey gives it. */
  async describe(KeyId: string, where: Where = {}): Promise<sdk.KeyMetadata> {
    return (await this.kms('DescribeKey', { KeyId }, where)).KeyMetadata as sdk.KeyMetadata;
  }

  /** Wraps and imports material that does not expire, unless `more` says otherwise. */
  async import(KeyId: string, material: Buffer, more: Input = {}, where: Where = {}): Promise<Answer> {
    const { token, publicKey } = await parametersFor(this.practice.kms(where.region), KeyId, undefined, 'RSA_3072');
    return this.kms(
      'ImportKeyMaterial',
      {
        KeyId,
        ImportToken: token,
        EncryptedKeyMaterial: wrap(material, publicKey, 'sha256'),
        ...('ValidTo' in more || 'ExpirationModel' in more ? {} : { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' }),
        ...more,
      },
      where,
    );
  }

  /** A key with fresh material in it. */
  async imported(input: Input = {}, where: Where = {}) {
    const { KeyId, Arn } = await this.key(input, where);
    const material = randomBytes(32);
    const { KeyMaterialId = '' } = await this.import(KeyId, material, {}, where);
    return { KeyId, Arn, material, KeyMaterialId };
  }

  /** A multi-Region primary in us-east-1 and its replica in eu-west-1, which waits for its import. */
  async family() {
    const primary = await this.imported({ MultiRegion: true });
    await this.kms('ReplicateKey', { KeyId: primary.KeyId, ReplicaRegion: 'eu-west-1' });
    this.pass(5000);
    return { ...primary, ReplicaArn: primary.Arn.replace('us-east-1', 'eu-west-1') };
  }

  /** A new bucket, empty. */
  async bucket(region = 'us-east-1'): Promise<string> {
    const Bucket = `b-${randomBytes(8).toString('hex')}`;
    await this.s3('CreateBucket', { Bucket }, { region });
    return Bucket;
  }
}

/** The Region of the replicas. */
export const there = { region: 'eu-west-1' };
export const day = 24 * 60 * 60_000;

type Failure = Error & { readonly $metadata?: { readonly httpStatusCode?: number } };

/**
 * Asserts what AWS refuses a call with. The SDK shows a wire without a message as `UnknownError`, which `noMessage`
 * stands for.
 */
export async function refused(call: Promise<unknown>, name: string, message?: string, status = 400): Promise<void> {
  await assert.rejects(call, (error: Failure) => {
    const found = [error.name, message === undefined ? undefined : error.message, error.$metadata?.httpStatusCode];
    assert.deepEqual(found, [name, message, status], error.message);
    return true;
  });
}

export const noMessage = 'UnknownError';

/** Asserts that an object has these members, and no others. */
export function hasExactly(value: object | undefined, members: string): void {
  assert.deepEqual(Object.keys(value ?? {}).sort(), members.trim().split(/\s+/).sort());
}
