import assert from 'node:assert/strict';
import { before, type TestContext, test } from 'node:test';
import * as iam from '@aws-sdk/client-iam';
import * as kms from '@aws-sdk/client-kms';
import * as s3 from '@aws-sdk/client-s3';
import { newFolder } from '../new-folder.ts';
import { practise } from '../practice/practising.ts';
import { beginImport } from '../steps/ceremony.ts';
import { keyferry } from './program.ts';

/*
 * Practice AWS allows what is not denied. So whoever has only the policy that `keyferry explain permissions` prints is
 * denied every other action that there is, by name.
 */

const operationsOf = (client: object, service: string) =>
  Object.keys(client)
    .filter((name) => name.endsWith('Command'))
    .map((name) => `${service}:${name.replace(/Command$/, '')}`);

/** Permissions of S3 that no operation is called like. S3 user guide, "Required permissions for Amazon S3 API operations". */
const moreOfS3 =
  'ListAllMyBuckets ListBucket ListBucketMultipartUploads ListMultipartUploadParts GetEncryptionConfiguration ' +
  'PutEncryptionConfiguration ListBucketVersions GetObjectVersion';

const everyAction = [
  ...operationsOf(kms, 'kms'),
  ...operationsOf(s3, 's3'),
  ...operationsOf(iam, 'iam'),
  ...moreOfS3.split(' ').map((name) => `s3:${name}`),
];

let printed: readonly string[] = [];

before(async () => {
  const { stdout } = await keyferry(['explain', 'permissions'], newFolder());
  const { Statement } = JSON.parse(stdout) as { Statement: { Action: string[] }[] };
  printed = [...new Set(Statement.flatMap(({ Action }) => Action))];
});

/** A whole ceremony of a caller who may do this alone; the key policy names only others, and so gives nothing. */
async function withOnly(t: TestContext, allowed: readonly string[]) {
  const deny = { SecurityAdmin: everyAction.filter((action) => !allowed.includes(action)) };
  const practice = await practise(t, { folder: newFolder({ inMemory: true }), settings: { deny } });
  const arn = (name: string) => `arn:aws:iam::000000000000:${name}`;
  const permissions = { administrators: [arn('user/alice')], users: [arn('role/app-uploader')] };
  const ceremony = await beginImport(t, { practice, answers: { permissions } });
  const failure = await ceremony.upTo().then(
    () => undefined,
    (error: unknown) => error as Error,
  );
  const refused = ceremony.calls.filter(({ error = '' }) => isRefusal(error)).map(({ operation }) => operation);
  return { failure, refused: new Set(refused) };
}

/** S3's answer to a refused HEAD has no body, so that the SDK knows no name for it. */
const isRefusal = (error: string) => error.startsWith('AccessDenied') || error === 'Unknown';

/** What only looks around, before a key is made. Where it is refused, the ceremony goes on without it. */
const lookingAround = [
  'IAM.GetRole',
  'IAM.GetUser',
  'IAM.SimulatePrincipalPolicy',
  'KMS.ListAliases',
  'KMS.ListKeys',
  'S3.ListBuckets',
];

test('with the printed policy and no other right, a ceremony finishes, and nothing is refused that it needs', async (t) => {
  const { failure, refused } = await withOnly(t, printed);
  assert.equal(failure, undefined);
  assert.deepEqual([...refused].toSorted(), lookingAround);
});

/** Needed only where a key is found again with other people, and where IAM counts the tags of CreateKey. */
const notInAStraightRun = ['kms:PutKeyPolicy', 'kms:TagResource'];

test('without any one action of the printed policy that a straight run needs, something is refused', async (t) => {
  const needed = printed.filter((action) => !notInAStraightRun.includes(action));
  assert.equal(needed.length, printed.length - notInAStraightRun.length);
  for (const action of needed) {
    const { failure, refused } = await withOnly(
      t,
      printed.filter((one) => one !== action),
    );
    assert.ok(failure !== undefined || refused.size > lookingAround.length, action);
  }
});
