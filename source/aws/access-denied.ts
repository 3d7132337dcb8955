/** Tells whether AWS denied a request. KMS and Account Management call that AccessDeniedException, S3 calls it AccessDenied. */
export const isAccessDenied = (error: unknown): boolean =>
  error instanceof Error && /^AccessDenied(?:Exception)?$/.test(error.name);

/** Gives what was asked of AWS; `undefined` when AWS denies the request, because the caller lacks a permission. */
export async function undefinedIfDenied<Result>(asked: Promise<Result>): Promise<Result | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isAccessDenied(error)) return undefined;
    throw error;
  }
}
