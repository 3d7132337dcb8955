import type { Help, KnownError } from './entry.ts';

/**
 * S3 user guide, "General purpose bucket naming rules" and "Virtual hosting of general purpose buckets": the
 * certificate covers one label.
 */
const dottedBucket = {
  kind: 'fixable',
  why: 'The name of the bucket has a dot, and the certificate of S3 covers no such host: its * stands for one part without dots.',
  causes: ['The client puts the name of the bucket before the host: my.bucket.s3.amazonaws.com.'],
  look: ['aws configure get s3.addressing_style --profile NAME'],
  next: [
    'Use path style: aws configure set s3.addressing_style path, or forcePathStyle in the SDK.',
    'Or use a bucket without dots. Do not switch verification off.',
  ],
} as const satisfies Partial<Help>;

/**
 * Errors about the certificate of an endpoint. Node.js manual, "TLS"; botocore, `exceptions.py`; Java, Go and curl as they print
 * it.
 */
export const certificateEntries: readonly KnownError[] = [
  // Before the next one: Python prints this with words of that.
  {
    names: ['ERR_TLS_CERT_ALTNAME_INVALID'],
    phrases: [
      /does(?:n't| not) match certificate's altnames/i,
      /doesn't match any of the subject alternative names/i,
      /x509: certificate is valid for .{1,300}, not /i,
      /no alternative certificate subject name matches/i,
      /hostname '[^']{1,200}' doesn't match/i,
      /certificate is not valid for '/i,
    ],
    kind: 'fixable',
    why: 'The certificate of the endpoint is for another name than the one that was asked.',
    causes: [
      'The endpoint is not that of AWS, or a proxy answers in its place.',
      'The Region in the name of the endpoint is mistyped.',
    ],
    look: [
      'openssl s_client -connect HOST:443 </dev/null 2>/dev/null | openssl x509 -noout -ext subjectAltName',
      'env | grep -iE "^(AWS_ENDPOINT_URL|https?_proxy)"',
    ],
    next: ['Check the endpoint and the Region, then try again.', 'Do not switch verification off.'],
    readings: [
      {
        // A name of a bucket with a dot, before the host of S3. Logs of requests have such hosts too.
        onlyWithCode: true,
        says: /(?:<|Host: |hostname '|not |not valid for '?|host name '|URL: https:\/\/)[\w-]{1,63}(?:\.[\w-]{1,63}){1,10}\.s3[.-]/,
        ...dottedBucket,
      },
    ],
  },
  {
    names: [
      'CERT_HAS_EXPIRED',
      'CERT_NOT_YET_VALID',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'SSLError',
    ],
    phrases: [
      /SSL validation failed/i,
      /CERTIFICATE_VERIFY_FAILED/i,
      /certificate signed by unknown authority/i,
      /unable to find valid certification path/i,
      /self[- ]signed certificate/i,
      /unable to get local issuer certificate/i,
    ],
    kind: 'fixable',
    why: 'The certificate of the endpoint is not trusted here.',
    causes: [
      'A proxy of your organisation opens TLS and signs it again with its own authority.',
      'The clock of this machine is wrong, so that a good certificate looks expired.',
      'The endpoint is not that of AWS.',
    ],
    look: [
      'openssl s_client -connect kms.REGION.amazonaws.com:443 </dev/null 2>/dev/null | openssl x509 -noout -issuer -dates',
      'date -u',
    ],
    next: [
      "Name your organisation's authority: export AWS_CA_BUNDLE=FILE, in programs of Node also NODE_EXTRA_CA_CERTS=FILE or NODE_USE_SYSTEM_CA=1.",
      'Do not switch verification off: what travels here is a key.',
    ],
  },
];
