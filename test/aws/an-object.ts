/* An object, and what it is in. */

export const keyArn = 'arn:aws:kms:us-east-1:111122223333:key/11111111-2222-4333-8444-555555555555';
export const bucket = { bucket: 'a-bucket', owner: '111122223333' };
export const place = { ...bucket, key: 'a.txt' };
export const object = { ...place, keyArn, contentType: 'text/csv' };
export const upload = { ...place, uploadId: 'an-upload' };
