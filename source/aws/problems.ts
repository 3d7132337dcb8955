import { type Problem, ProblemError } from '../ceremony/problem.ts';

type Help = Pick<Problem, 'kind' | 'why' | 'next'>;

/**
 * What each error means for a person, by the error's name: messages may be missing on the wire. Sources: KMS API
 * reference, "Common errors" and the errors of each operation; S3 API reference, "Error responses".
 */
const help: Readonly<Record<string, Help>> = {
  AccessDenied: refused(),
  AccessDeniedException: refused(),
  AlreadyExistsException: {
    kind: 'fixable',
    why: 'The alias is taken in this account and Region.',
    next: ['Choose another alias.'],
  },
  BucketAlreadyExists: {
    kind: 'fixable',
    why: 'Another account has a bucket of this name; names are shared by all of AWS.',
    next: ['Choose another bucket name.'],
  },
  CredentialsProviderError: {
    kind: 'fixable',
    why: 'No usable credentials were found, or the sign-in behind them has ended.',
    next: ['Sign in again: aws sso login, or aws configure.', 'Then try again, or choose another way to connect.'],
  },
  TokenProviderError: {
    kind: 'fixable',
    why: 'The single sign-on session has ended.',
    next: ['Run: aws sso login --profile NAME', 'Then try again.'],
  },
  ExpiredToken: expired(),
  ExpiredTokenException: expired(),
  ExpiredImportTokenException: {
    kind: 'fixable',
    why: 'The import token is older than 24 hours. The token is throw-away; the KMS key and your secret are unchanged.',
    next: ['Fetch a new wrapping key and token, wrap again and import.'],
  },
  InvalidImportTokenException: {
    kind: 'fixable',
    why: 'The import token belongs to another KMS key or Region, or the file was changed.',
    next: ['Fetch a new wrapping key and token, wrap again and import.'],
  },
  InvalidCiphertextException: {
    kind: 'fixable',
    why: 'KMS could not unwrap the material: it was wrapped under another wrapping key or with another hash, or is not 32 bytes.',
    next: ['Wrap again with the wrapping key that was fetched together with this token.'],
  },
  IncorrectKeyMaterialException: {
    kind: 'fixable',
    why: 'These are not the bytes that this KMS key was made with. A key takes back only its own material.',
    next: ['Import the file that was imported first.', 'For other bytes, create another KMS key.'],
  },
  InvalidClientTokenId: badKeys(),
  InvalidAccessKeyId: badKeys(),
  UnrecognizedClientException: badKeys(),
  SignatureDoesNotMatch: {
    kind: 'fixable',
    why: 'The secret access key does not fit the access key id, or the clock of this machine is wrong.',
    next: ['Check the credentials.', 'Check the clock: date -u'],
  },
  RequestTimeTooSkewed: skewed(),
  KMSInvalidStateException: {
    kind: 'fixable',
    why: 'The KMS key is in a state that does not allow this.',
    next: ['Look at the key state: aws kms describe-key --key-id KEY'],
  },
  LimitExceededException: {
    kind: 'fixable',
    why: 'A quota of this account is used up.',
    next: ['Ask AWS for a higher quota, or remove what is not needed.'],
  },
  MalformedPolicyDocumentException: {
    kind: 'fixable',
    why: 'KMS does not take the key policy: a user or role in it does not exist, or nobody could change the policy later.',
    next: ['Check the administrators and users for one that was deleted or mistyped.'],
  },
  NoSuchBucket: { kind: 'fixable', why: 'The bucket does not exist.', next: ['Check the name, or create the bucket.'] },
  ThrottlingException: throttled(),
  Throttling: throttled(),
  SlowDown: throttled(),
  TooManyRequestsException: throttled(),
};

const connection: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the name of the endpoint is not known here (DNS)',
  EAI_AGAIN: 'the name server does not answer (DNS)',
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  EHOSTUNREACH: 'there is no route to it',
  ENETUNREACH: 'there is no route to it',
  ETIMEDOUT: 'no answer came in time',
  TimeoutError: 'no answer came in time',
  AbortError: 'no answer came in time',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not trusted here, as behind an inspecting proxy',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is not trusted here, as behind an inspecting proxy',
};

/** In words, why no connection came about; nothing when the error is of another kind. */
export function connectionFailure(error: unknown): string | undefined {
  const { code, name, cause } = (error ?? {}) as { code?: string; name?: string; cause?: unknown };
  return (
    connection[code ?? ''] ?? connection[name ?? ''] ?? (cause === undefined ? undefined : connectionFailure(cause))
  );
}

/**
 * Turns whatever a call threw into a problem.
 * @param what did not happen, and what state that leaves: the caller knows, AWS does not say.
 */
export function explainAwsError(error: unknown, { what, state }: { what: string; state?: string }): Problem {
  if (error instanceof ProblemError) return error.problem;
  const {
    name = 'Error',
    message = '',
    $metadata,
  } = (error ?? {}) as { name?: string; message?: string; $metadata?: { requestId?: string; httpStatusCode?: number } };
  const common = {
    what,
    ...(state === undefined ? {} : { state }),
    ...($metadata?.requestId === undefined ? {} : { requestId: $metadata.requestId }),
  };
  const known = help[name.replace(/^KMS\./, '')];
  if (known !== undefined) {
    // AWS's own sentence names the action and the resource that a permission is missing for.
    const says = message !== '' && message !== 'UnknownError' && message !== name ? ` AWS says: ${message}` : '';
    return { ...known, ...common, why: `${known.why}${says}`, code: name };
  }
  const failure = connectionFailure(error);
  if (failure !== undefined) {
    return {
      kind: 'waiting',
      ...common,
      why: `The connection to AWS failed: ${failure}.`,
      next: ['Check the network, the VPC endpoint and the proxy settings, then try again.'],
    };
  }
  if (($metadata?.httpStatusCode ?? 0) >= 500) {
    return {
      kind: 'waiting',
      ...common,
      why: 'AWS had a fault of its own.',
      code: name,
      next: ['Try again in a moment.'],
    };
  }
  if ($metadata?.httpStatusCode !== undefined) {
    return {
      kind: 'fixable',
      ...common,
      why: message === 'UnknownError' ? 'AWS gave no reason.' : message,
      code: name,
      next: ['Try again, or change the answer.'],
    };
  }
  return unexpected(error, common);
}

/** Disk errors a person can act on; anything else is a defect, told in one line. */
function unexpected(error: unknown, common: Pick<Problem, 'what' | 'state'>): Problem {
  const { code, message, path } = (error ?? {}) as { code?: string; message?: string; path?: string };
  const disk: Record<string, string> = {
    ENOSPC: 'The disk is full.',
    EACCES: 'This account may not write there.',
    EROFS: 'The file system is read-only.',
    EEXIST: 'A file of that name exists already, and Keyferry never overwrites one.',
    ENOENT: 'The file or its folder is gone.',
    EDQUOT: 'The disk quota is used up.',
  };
  const reason = disk[code ?? ''];
  if (reason !== undefined)
    return {
      kind: 'fixable',
      ...common,
      why: `${reason}${path === undefined ? '' : ` (${path})`}`,
      code: code ?? '',
      next: ['Mend that, then try again.'],
    };
  return {
    kind: 'ours',
    ...common,
    why: `Something unforeseen: ${(message ?? String(error)).split('\n')[0]}`,
    next: ['Try again. If it stays, report this line.'],
  };
}

function refused(): Help {
  return {
    kind: 'refused',
    why: 'Your credentials may not do this.',
    next: ['Ask an administrator of the account for the permission named above, then try again.'],
  };
}

function expired(): Help {
  return {
    kind: 'fixable',
    why: 'The session behind these credentials has ended.',
    next: ['Sign in again, then try again.'],
  };
}

function badKeys(): Help {
  return {
    kind: 'fixable',
    why: 'AWS does not know this access key: it was deleted, or belongs to another partition.',
    next: ['Check the credentials, then try again.'],
  };
}

function skewed(): Help {
  return {
    kind: 'fixable',
    why: 'The clock of this machine differs too much from that of AWS.',
    next: ['Set the clock: date -u shows what it says now.'],
  };
}

function throttled(): Help {
  return {
    kind: 'waiting',
    why: 'AWS takes only so many requests a second.',
    next: ['Wait a few seconds, then try again.'],
  };
}
