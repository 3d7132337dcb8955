import type { XmlValue } from '../xml.ts';
import { aclNotSupported } from './acl-headers.ts';
import { needBucket } from './bucket-record.ts';
import { ownerId } from './buckets.ts';
import { needObject } from './get-object.ts';
import { s3Operation, xmlAnswer } from './s3-exchange.ts';

const grantee = {
  '@xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
  '@xsi:type': 'CanonicalUser',
  ID: ownerId,
};

/** The access control list of every bucket and object: its owner may do everything. */
export const ownerOnly: { readonly [name: string]: XmlValue } = {
  Owner: { ID: ownerId },
  AccessControlList: { Grant: { Grantee: grantee, Permission: 'FULL_CONTROL' } },
};

export const getObjectAcl = s3Operation({ on: 'object', needs: 's3:GetObjectAcl' }, (request) => {
  needObject(request);
  return xmlAnswer('AccessControlPolicy', ownerOnly);
});

/** PutObjectAcl. Since April 2023 no new bucket takes access control lists. */
export const putObjectAcl = s3Operation({ on: 'object', needs: 's3:PutObjectAcl' }, (request) => {
  needObject(request);
  throw aclNotSupported();
});

/** PutBucketAcl, which is refused like {@link putObjectAcl}. */
export const putBucketAcl = s3Operation({ on: 'bucket', needs: 's3:PutBucketAcl' }, ({ call, bucket }) => {
  needBucket(call, bucket);
  throw aclNotSupported();
});
