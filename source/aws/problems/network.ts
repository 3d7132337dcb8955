import type { Help, KnownError } from './entry.ts';

/** S3 user guide, "Bucket naming rules" and "Virtual hosting of general purpose buckets": the certificate covers one label. */
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
 * Errors on the way to AWS: names, routes, TLS, proxies, time-outs, throttling and faults of AWS itself. Node.js manual,
 * "Errors" and "TLS"; AWS general reference, "Common errors".
 */
export const networkEntries: readonly KnownError[] = [
  {
    names: ['ENOTFOUND', 'EAI_AGAIN', 'EndpointConnectionError', 'EndpointError', 'UnknownEndpoint'],
    phrases: [
      /Could not resolve host/i,
      /Name or service not known/i,
      /no such host/i,
      /getaddrinfo/i,
      /\bUnknownHostException\b/,
    ],
    kind: 'waiting',
    why: 'The name of the endpoint is not known here (DNS).',
    causes: [
      'The Region is mistyped: its name is part of the name of the endpoint.',
      'A private subnet without a name server for the outside and without a VPC endpoint for this service.',
      'An endpoint override that is left over: AWS_ENDPOINT_URL.',
    ],
    look: ['getent hosts kms.REGION.amazonaws.com', 'env | grep -E "^(AWS_ENDPOINT|AWS_REGION|HTTPS?_PROXY|NO_PROXY)"'],
    next: ['Check the Region, the VPC endpoint and the name server, then try again.'],
  },
  {
    names: [
      'ECONNREFUSED',
      'ECONNRESET',
      'EPIPE',
      'EHOSTUNREACH',
      'ENETUNREACH',
      'ConnectionClosedError',
      'RequestAbortedException',
      'NetworkingError',
    ],
    phrases: [
      /Could not connect to the endpoint URL/i,
      /Connection was closed before we received a valid response/i,
      /socket hang up/i,
    ],
    kind: 'waiting',
    why: 'There is no connection to the endpoint, or it was cut.',
    causes: [
      'No way out: a private subnet needs a VPC endpoint for KMS, S3 and STS each, or a proxy.',
      'A security group or firewall that does not let port 443 through.',
      'An endpoint override that nothing listens on: AWS_ENDPOINT_URL.',
    ],
    look: [
      'curl -sv --max-time 5 https://kms.REGION.amazonaws.com/ping',
      'env | grep -iE "^(AWS_ENDPOINT_URL|https?_proxy|no_proxy)"',
    ],
    next: ['Check the network, the VPC endpoint and the proxy settings, then try again.'],
  },
  {
    names: [
      'ETIMEDOUT',
      'TimeoutError',
      'AbortError',
      'ConnectTimeoutError',
      'ReadTimeoutError',
      'RequestTimeout',
      'RequestTimeoutException',
      'ESOCKETTIMEDOUT',
    ],
    phrases: [
      /Connect timeout on endpoint URL/i,
      /Read timeout on endpoint URL/i,
      /i\/o timeout/i,
      /context deadline exceeded/i,
    ],
    kind: 'waiting',
    why: 'No answer came in time.',
    causes: [
      'A private subnet without a VPC endpoint: packets go out and nothing comes back.',
      'A security group, a firewall, or a proxy that is not set here.',
      'The global STS host: AWS_STS_REGIONAL_ENDPOINTS=regional uses that of the Region.',
    ],
    look: [
      'curl -sv --max-time 5 https://kms.REGION.amazonaws.com/ping',
      'curl -sv --max-time 5 https://sts.REGION.amazonaws.com/',
    ],
    next: ['Check the network, the VPC endpoint and the proxy settings, then try again.'],
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
    readings: [
      {
        says: /doesn't match (?:either of )?'\*\.s3[\w.-]{0,60}'/i,
        ...dottedBucket,
      },
    ],
  },
  {
    names: ['ERR_TLS_CERT_ALTNAME_INVALID'],
    phrases: [
      /does(?:n't| not) match certificate's altnames/i,
      /doesn't match any of the subject alternative names/i,
      /x509: certificate is valid for .{1,300}, not /i,
      /no alternative certificate subject name matches/i,
      /hostname '[^']{1,200}' doesn't match/i,
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
        // A name of a bucket with a dot, before the host of S3.
        says: /(?:<|Host: |hostname '|not |host name '|URL: https:\/\/)[\w-]{1,63}(?:\.[\w-]{1,63}){1,10}\.s3[.-]/,
        ...dottedBucket,
      },
    ],
  },
  {
    names: [
      'EPROTO',
      'ERR_SSL_WRONG_VERSION_NUMBER',
      'ProxyConnectionError',
      'ERR_PROXY_TUNNEL',
      'ERR_INVALID_URL',
      'InvalidEndpointURL',
    ],
    phrases: [
      /Failed to connect to proxy/i,
      /Failed to establish tunnel/i,
      /wrong version number/i,
      /Proxy Authentication Required/i,
      /Invalid endpoint/i,
    ],
    kind: 'fixable',
    why: 'What answers there is not the endpoint: a proxy setting or an endpoint override is wrong.',
    causes: [
      'https:// was written for a proxy or port that speaks plain http.',
      'The proxy asks for a name and password (407), or does not let the host through (403).',
    ],
    look: ['env | grep -iE "^(https?_proxy|no_proxy|AWS_ENDPOINT_URL)"'],
    next: ['Check these values, then try again.'],
  },
  {
    names: [
      'ThrottlingException',
      'Throttling',
      'ThrottledException',
      'SlowDown',
      'TooManyRequestsException',
      'RequestLimitExceeded',
      'RequestThrottled',
      'RequestThrottledException',
      'BandwidthLimitExceeded',
      'ProvisionedThroughputExceededException',
      'PriorRequestNotComplete',
    ],
    phrases: [/Rate exceeded/i, /Reduce your request rate/i],
    kind: 'waiting',
    why: 'AWS takes only so many requests a second. For wrapping keys it is one a second, in an account and Region.',
    causes: ['Others of the same account use the same operation at this moment, such as a scanner or a pipeline.'],
    next: ['Wait a few seconds, then try again.'],
  },
  {
    names: [
      'InternalError',
      'InternalFailure',
      'InternalServerError',
      'InternalServerException',
      'ServiceUnavailable',
      'ServiceUnavailableException',
      'ServiceFailure',
      'ServiceFailureException',
      '503',
    ],
    kind: 'waiting',
    why: 'AWS had a fault of its own.',
    look: ['curl -sI https://health.aws.amazon.com/ | head -1'],
    next: ['Try again in a moment.'],
  },
  {
    names: [
      'MalformedHttpRequestException',
      'MalformedQueryString',
      'MissingAction',
      'RequestEntityTooLargeException',
      'RequestEntityTooLarge',
      'RequestHeaderSectionTooLarge',
      'UnknownOperationException',
      'InvalidAction',
      'SerializationException',
      'NotSupported',
    ],
    kind: 'fixable',
    why: 'What answers there does not know this request. It may not be AWS, or the client and the endpoint do not fit.',
    look: ['env | grep ^AWS_ENDPOINT_URL'],
    next: ['Check the endpoint, and use a current client.'],
  },
];
