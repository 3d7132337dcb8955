import type { KnownError } from './entry.ts';

/**
 * What S3 answers to HEAD requests (HeadObject, HeadBucket): they have no body, so that the status is all there is. The names
 * are those that aws-cli, boto, Java and Go print for it. S3 API reference, HeadObject and HeadBucket.
 */
export const headEntries: readonly KnownError[] = [
  {
    names: ['403', 'Forbidden'],
    isWrapper: true,
    phrases: [
      /\b(?:403 Forbidden|Forbidden \(403\)|\(403\)).{0,200}\bHead(?:Object|Bucket)\b/i,
      /\bHead(?:Object|Bucket)\b.{0,200}\b(?:403|Forbidden)\b/i,
    ],
    kind: 'refused',
    // HeadObject: an answer to HEAD has no body, so the exact error cannot be known.
    why: 'S3 refuses it (AccessDenied), and an answer to HEAD has no body that could say why.',
    // HeadObject: without s3:ListBucket, S3 answers 403 also for an object that is not there.
    causes: [
      'You lack s3:GetObject on the object.',
      'The object is not there, and you lack s3:ListBucket: only with this permission does S3 say that an object is absent.',
      'The bucket policy, or a policy of your organisation, forbids it.',
    ],
    look: [
      'aws sts get-caller-identity',
      'aws s3api get-object --bucket BUCKET --key OBJECT /dev/null   # GET has a body, which names the reason',
    ],
    next: ['Ask for s3:GetObject on the object, and for s3:ListBucket on the bucket.'],
  },
  {
    names: ['400', 'BadRequest'],
    isWrapper: true,
    phrases: [
      /\b(?:400 Bad Request|Bad Request \(400\)|\(400\)).{0,200}\bHead(?:Object|Bucket)\b/i,
      /\bHead(?:Object|Bucket)\b.{0,200}\b(?:400|Bad Request)\b/i,
    ],
    kind: 'fixable',
    why: 'The service does not take the request, and no reason came with it: an answer to HEAD has no body.',
    causes: [
      // S3 API reference, "Error responses": ExpiredToken and InvalidToken come with status 400.
      'The temporary credentials have run out, or the session token is missing.',
      // HeadObject: the headers of SSE-C are needed, and those of SSE-KMS must not be sent.
      'The object is under SSE-C, and the key is missing; or the request names an encryption, which HEAD and GET must not.',
      // S3 user guide, "Request redirection and the REST API": Regions since March 2019 answer 400.
      'The bucket is in another Region than the request.',
    ],
    look: [
      'aws sts get-caller-identity',
      'aws s3api head-bucket --bucket BUCKET --query BucketRegion --output text',
      'aws s3api get-object --bucket BUCKET --key OBJECT /dev/null   # GET has a body, which names the reason',
    ],
    next: ['Ask with GET, which names the reason. If credentials have run out, sign in again.'],
  },
];
