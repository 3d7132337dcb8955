/**
 * An answer that AWS gives instead of a result. `message` may be missing on the wire, as some recorded answers show;
 * `details` are the further elements that S3 puts into its error body, such as `BucketName`.
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
