import { accountId } from '../account.ts';
import { AwsError } from '../aws-error.ts';
import { type Exchange, header } from '../exchange.ts';
import { needIdentityPermission } from '../identity-policy.ts';
import { tagConditions } from '../kms/tags.ts';
import { findPartition, partitionOf } from '../partition.ts';
import { readWholeBody } from '../request-body.ts';
import { unverifiedText } from '../unverified.ts';
import { element, fromXml, textOf } from '../xml.ts';
import { hasAclForOthers } from './acl-headers.ts';
import { allBuckets, loadBucket, needBucket, newBucketEncryption, s3Arn, saveBucket } from './bucket-record.ts';
import { isoDate, malformedXml, s3Operation, xmlAnswer } from './s3-exchange.ts';
import { tagsIn } from './tag-set.ts';

/** Matches names with allowed characters: 3 to 63 letters, digits, dots and dashes. */
const nameForm = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/**
 * Matches names that are not allowed although each of their characters is: names with a reserved beginning or end, with dots
 * or dashes side by side, or in the form of an IP address. Source: "General purpose bucket naming rules", S3 user guide.
 */
const reservedName =
  /^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$|\.\.|-\.|\.-|^(\d+\.){3}\d+$/;
/** The headers of CreateBucket that practice AWS does not support with these values. */
const refusedHeaders = { 'x-amz-bucket-object-lock-enabled': 'true', 'x-amz-bucket-namespace': 'account-regional' };

export const listBuckets = s3Operation({ on: 'account', needs: 's3:ListAllMyBuckets' }, ({ call, exchange }) => {
  const { query } = exchange;
  const pageSize = Number(query.get('max-buckets') ?? 10_000);
  const lastName = query.get('continuation-token') ?? '';
  const matching = allBuckets(call.store).filter(
    (bucket) =>
      partitionOf(bucket.region) === call.partition &&
      bucket.name > lastName &&
      bucket.name.startsWith(query.get('prefix') ?? '') &&
      bucket.region === (query.get('bucket-region') ?? bucket.region),
  );
  const pageBuckets = matching.slice(0, pageSize);
  return xmlAnswer('ListAllMyBucketsResult', {
    Owner: { ID: ownerId },
    Buckets: {
      Bucket: pageBuckets.map(({ name, created, region }) => ({
        Name: name,
        CreationDate: isoDate(created),
        BucketRegion: region,
      })),
    },
    ContinuationToken: matching.length > pageBuckets.length ? pageBuckets.at(-1)?.name : undefined,
    Prefix: query.get('prefix') ?? undefined,
  });
});

export const createBucket = s3Operation(
  { on: 'bucket', needs: 's3:CreateBucket' },
  async ({ call, exchange, bucket: name }) => {
    const body = await readWholeBody(exchange.body());
    checkHeadersAndName(exchange, name);
    const existing = loadBucket(call.store, name);
    // A bucket in another partition counts as one of another account.
    const isInOtherPartition = existing !== undefined && partitionOf(existing.region) !== call.partition;
    if (call.control.isForeignBucket(name) || isInOtherPartition) {
      throw new AwsError('BucketAlreadyExists', unverifiedText('bucket-of-others'), {
        status: 409,
        details: { BucketName: name },
      });
    }
    const document = body.length === 0 ? {} : fromXml(body.toString('utf8'));
    if (!document) throw malformedXml();
    const configuration = element(document, 'CreateBucketConfiguration');
    const region = readRegion(textOf(configuration, 'LocationConstraint'), call.region);
    const tags = tagsIn(element(configuration, 'Tags'), 'bucket');
    if (tags.length > 0) {
      // unverified: create-with-tags.
      const conditions = tagConditions(tags.map(({ Key, Value }) => ({ TagKey: Key, TagValue: Value })));
      needIdentityPermission(call, 's3:TagResource', s3Arn(call.partition, name), conditions);
    }
    call.store.change(() => {
      const before = loadBucket(call.store, name);
      // Only in us-east-1, CreateBucket succeeds when the caller already has this bucket: API reference, CreateBucket.
      const mayExist = before?.region === 'us-east-1' && region === 'us-east-1';
      if (before && !mayExist) {
        throw new AwsError(
          'BucketAlreadyOwnedByYou',
          'Your previous request to create the named bucket succeeded and you already own it.',
          { status: 409, details: { BucketName: name } },
        );
      }
      saveBucket(
        call.store,
        before ?? {
          name,
          region,
          created: call.now().getTime(),
          encryption: newBucketEncryption,
          ...(tags.length === 0 ? {} : { tags }),
        },
      );
    });
    return { status: 200, headers: { location: `/${name}`, 'x-amz-bucket-arn': s3Arn(call.partition, name) } };
  },
);

/**
 * Checks the headers of CreateBucket and the name of the new bucket.
 * @throws NotImplemented (501), InvalidBucketAclWithObjectOwnership or InvalidBucketName.
 */
function checkHeadersAndName(exchange: Exchange, name: string): void {
  const refusedHeader = Object.entries(refusedHeaders).find(
    ([headerName, value]) => header(exchange, headerName)?.toLowerCase() === value,
  );
  if (refusedHeader) {
    throw new AwsError('NotImplemented', `Practice AWS does not do CreateBucket with ${refusedHeader.join(': ')}.`, {
      status: 501,
    });
  }
  if (hasAclForOthers(exchange)) {
    throw new AwsError(
      'InvalidBucketAclWithObjectOwnership',
      "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting",
    );
  }
  if (!nameForm.test(name) || reservedName.test(name))
    throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.', { details: { BucketName: name } });
}

export const headBucket = s3Operation({ on: 'bucket', needs: 's3:ListBucket' }, ({ call, bucket: name }) => {
  const { region } = needBucket(call, name);
  const arn = s3Arn(call.partition, name);
  return {
    status: 200,
    headers: { 'x-amz-bucket-region': region, 'x-amz-bucket-arn': arn, 'x-amz-access-point-alias': 'false' },
  };
});

/** GetBucketLocation. This is the only operation on a bucket that us-east-1 answers for a bucket in any Region. */
export const getBucketLocation = s3Operation(
  { on: 'bucket', needs: 's3:GetBucketLocation' },
  ({ call, bucket: name }) => {
    // us-east-1 answers as the Region of the bucket would.
    const bucketRegion = call.region === 'us-east-1' ? loadBucket(call.store, name)?.region : undefined;
    const { region } = needBucket({ ...call, region: bucketRegion ?? call.region }, name);
    return xmlAnswer('LocationConstraint', { '#text': region === 'us-east-1' ? undefined : region });
  },
);

export const deleteBucket = s3Operation({ on: 'bucket', needs: 's3:DeleteBucket' }, ({ call, bucket: name }) => {
  needBucket(call, name);
  call.store.change(() => {
    if (call.store.first('SELECT key FROM s3_object WHERE bucket = ? LIMIT 1', name)) {
      throw new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty', {
        status: 409,
        details: { BucketName: name },
      });
    }
    call.store.run('DELETE FROM s3_bucket WHERE name = ?', name);
  });
  return { status: 204 };
});

/** The canonical id of the practice account. */
export const ownerId = accountId.padEnd(64, '0');

/**
 * Gives the Region of a new bucket.
 * @param constraint the location constraint of CreateBucket.
 * @param signedRegion the Region for which the request was signed.
 * @throws InvalidLocationConstraint when the constraint is us-east-1, or no Region of the partition;
 * IllegalLocationConstraintException when the two Regions do not fit together: an endpoint other than that of us-east-1 makes
 * buckets only in its own Region, which the constraint must name.
 */
function readRegion(constraint: string | undefined, signedRegion: string): string {
  const refuse = (location: string): never => {
    throw new AwsError(
      'IllegalLocationConstraintException',
      `The ${location} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    );
  };
  if (constraint === undefined || constraint === '')
    return signedRegion === 'us-east-1' ? signedRegion : refuse('unspecified');
  // `EU` is an old name of eu-west-1.
  const region = constraint === 'EU' ? 'eu-west-1' : constraint;
  if (findPartition(region) !== partitionOf(signedRegion) || region === 'us-east-1') {
    throw new AwsError('InvalidLocationConstraint', 'The specified location-constraint is not valid', {
      details: { LocationConstraint: constraint },
    });
  }
  return signedRegion === 'us-east-1' || region === signedRegion ? region : refuse(constraint);
}
