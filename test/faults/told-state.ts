import { DescribeKeyCommand, ListAliasesCommand, ListKeysCommand } from '@aws-sdk/client-kms';
import { ListBucketsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { Practice } from '../practice/practising.ts';

/** What there is in an account that one first import works in. */
type Seen = {
  readonly keys: number;
  readonly keyState: string | undefined;
  readonly aliases: number;
  readonly buckets: number;
  readonly objects: number;
};

/** Asks practice AWS itself, past whatever stands before it. */
export async function seenIn({ kms: open, server }: Practice): Promise<Seen> {
  const kms = open();
  const { endpoint, credentials } = server;
  const s3 = new S3Client({ endpoint, credentials, region: 'us-east-1', forcePathStyle: true });
  try {
    const { Keys = [] } = await kms.send(new ListKeysCommand({}));
    const KeyId = Keys[0]?.KeyId;
    const { KeyMetadata } = KeyId === undefined ? {} : await kms.send(new DescribeKeyCommand({ KeyId }));
    const { Aliases = [] } = await kms.send(new ListAliasesCommand({}));
    const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
    const Bucket = Buckets[0]?.Name;
    const { Contents = [] } = Bucket === undefined ? {} : await s3.send(new ListObjectsV2Command({ Bucket }));
    return {
      keys: Keys.length,
      keyState: KeyMetadata?.KeyState,
      aliases: Aliases.filter(({ AliasName = '' }) => !AliasName.startsWith('alias/aws/')).length,
      buckets: Buckets.length,
      objects: Contents.length,
    };
  } finally {
    kms.destroy();
    s3.destroy();
  }
}

const isUsable = ({ keyState }: Seen) => keyState === 'Enabled';

/** What must be so where a problem says that. */
const claims: readonly (readonly [says: RegExp, isTrue: (seen: Seen) => boolean])[] = [
  [/^Nothing was made or changed\.$/, ({ keys, buckets }) => keys + buckets === 0],
  [/^Nothing was changed by looking\.$/, () => true],
  [/^Whether a key was made is not known\./, ({ objects }) => objects === 0],
  [/^The key exists, with the policy it was made with\.$/, ({ keys }) => keys === 1],
  [/^The key \S+ exists\. Whether it has its alias is not known\./, ({ keys }) => keys === 1],
  [/^The key \S+ exists, without an alias\.$/, ({ keys, aliases }) => keys === 1 && aliases === 0],
  [/^The (KMS )?key (exists and|still) waits for its material\.$/, ({ keyState }) => keyState === 'PendingImport'],
  [/^Trying again looks first, and imports only if it is not there\.$/, ({ keys }) => keys === 1],
  [/^Nothing is lost\. Trying again only looks; it does not import twice\.$/, isUsable],
  [/^The material is imported; nothing is lost\.$/, isUsable],
  [/^The key is ready; no object was uploaded\.$/, (seen) => isUsable(seen) && seen.objects === 0],
  [/^The key is ready\. Files uploaded before this one stay\.$/, isUsable],
  [/^Every step (before it|that is done) is saved\.$/, () => true],
];

/** What is wrong with a sentence about the state; nothing where it is so. */
export function untrue(state: string, seen: Seen): string | undefined {
  const claim = claims.find(([says]) => says.test(state));
  if (claim === undefined) return `Nobody knows what must be so where it says: ${state}`;
  return claim[1](seen) ? undefined : `It says: ${state} There is ${JSON.stringify(seen)}`;
}
