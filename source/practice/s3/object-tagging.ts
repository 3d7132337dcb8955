import { element } from '../xml.ts';
import { needObject } from './get-object.ts';
import { replaceObject } from './object-record.ts';
import { readXml, s3Operation, xmlAnswer } from './s3-exchange.ts';
import { tagsIn } from './tag-set.ts';

/** GetObjectTagging. An object without tags has an empty set. */
export const getObjectTagging = s3Operation({ on: 'object', needs: 's3:GetObjectTagging' }, (request) => {
  const { tags = [] } = needObject(request);
  return xmlAnswer('Tagging', { TagSet: { Tag: tags } });
});

/** PutObjectTagging. The new tags replace all tags. */
export const putObjectTagging = s3Operation({ on: 'object', needs: 's3:PutObjectTagging' }, async (request) => {
  const { call, exchange, bucket, key } = request;
  const tags = tagsIn(element(await readXml(exchange, 'Tagging', 'with or without'), 'TagSet'), 'object');
  call.store.change(() => replaceObject(call.store, bucket, key, { ...needObject(request), tags }, 'same body'));
  return { status: 200 };
});

export const deleteObjectTagging = s3Operation({ on: 'object', needs: 's3:DeleteObjectTagging' }, (request) => {
  const { call, bucket, key } = request;
  call.store.change(() => {
    const { tags: _, ...kept } = needObject(request);
    replaceObject(call.store, bucket, key, kept, 'same body');
  });
  return { status: 204 };
});
