import { ownCommand } from '../../ceremony/own-command.ts';
import type { Help, KnownError } from './entry.ts';

/** What is true of each answer that only an emulator gives. */
const fromEmulator = {
  kind: 'fixable',
  speaker: 'The emulator',
  look: ['env | grep ^AWS_ENDPOINT_URL', 'aws configure get endpoint_url --profile NAME'],
  next: [
    `To try an import without an account, use practice AWS: ${ownCommand('--practice')}`,
    'For AWS itself, take the endpoint out of the environment, the profile and the command.',
  ],
} as const satisfies Partial<Help>;

/**
 * What emulators answer, and AWS never. LocalStack, issues 5702, 10909 and 13665 of its repository; moto, `core/responses.py`;
 * MinIO, `cmd/api-errors.go` and `cmd/api-router.go`.
 */
export const emulatorEntries: readonly KnownError[] = [
  {
    ...fromEmulator,
    names: ['not yet emulated by LocalStack'],
    phrases: [
      /not (?:included in your current license plan or has not )?yet (?:been )?emulated by LocalStack/i,
      /API action '[\w.]{1,100}' for service '\w{1,40}' not yet implemented/i,
      /The API for service '?\w{1,40}'? is either not included/i,
    ],
    why: 'This comes from LocalStack, not from AWS: its version or licence here does not do this operation.',
  },
  {
    ...fromEmulator,
    names: ['exception while calling kms.ImportKeyMaterial'],
    phrases: [/exception while calling \w{1,40}\.\w{1,100}/i],
    why: 'This comes from LocalStack, not from AWS: it failed in itself. Your key and its wrapping may be right.',
    causes: ['LocalStack takes fewer kinds of keys for an import than KMS does.'],
    next: ['Look at the state of the key there: it may count as enabled all the same.', ...fromEmulator.next],
  },
  {
    ...fromEmulator,
    names: ['action has not been implemented'],
    phrases: [/(?:The \w{1,100} )?action has not been implemented/],
    why: 'This comes from moto, not from AWS: it does not do this operation.',
  },
  {
    ...fromEmulator,
    names: ['KMS is not configured'],
    phrases: [/(?:Server side encryption specified but )?KMS is not configured/i],
    why: 'This comes from MinIO, not from AWS: it encrypts only once a key of its own is set up (KES, MINIO_KMS_SECRET_KEY).',
    causes: [
      'The upload asks for encryption (--sse), and this MinIO has no key. It takes no key of AWS KMS by its ARN.',
    ],
    next: ['Upload to it without --sse, or give it a key. For a key in AWS KMS, upload to S3 of AWS.'],
  },
  {
    ...fromEmulator,
    names: ['An error occurred when parsing the HTTP request POST'],
    phrases: [/An error occurred when parsing the HTTP request POST\b/],
    why: 'What answers there is MinIO, which has no KMS of AWS: requests to KMS are none that it knows.',
    causes: ['AWS_ENDPOINT_URL, or endpoint_url of the profile, sends all services to MinIO.'],
    next: [
      'Give S3 alone that endpoint: AWS_ENDPOINT_URL_S3, or a services section of the profile.',
      ...fromEmulator.next,
    ],
  },
];
