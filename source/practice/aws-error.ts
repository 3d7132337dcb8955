/**
 * An error answer of AWS. `code` is the name of the error, such as `NoSuchKey`. Without `message`, the answer has no message,
 * as in some recorded answers. `status` is the HTTP status; the default is 400. `details` are more members of the error body,
 * in S3 and Account Management, such as `BucketName`. `headers` are more headers of the answer.
 */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly code: string;
  readonly status: number;
  readonly hasMessage: boolean;
  readonly details: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: string,
    message?: string,
    more: { status?: number; details?: Record<string, string>; headers?: Record<string, string> } = {},
  ) {
    super(message ?? '');
    this.code = code;
    this.hasMessage = message !== undefined;
    this.status = more.status ?? 400;
    this.details = more.details ?? {};
    this.headers = more.headers ?? {};
  }
}
