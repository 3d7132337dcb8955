/** True when AWS denied a request: AccessDeniedException of KMS and Account Management, AccessDenied of S3. */
export const isAccessDenied = (error: unknown): boolean =>
  error instanceof Error && /^AccessDenied(?:Exception)?$/.test(error.name);

/**
 * Gives the answer of a request to AWS, or `undefined` when the caller lacks the permission for it.
 * @throws any other error of the request.
 */
export async function undefinedIfDenied<Result>(request: Promise<Result>): Promise<Result | undefined> {
  try {
    return await request;
  } catch (error) {
    if (isAccessDenied(error)) return undefined;
    throw error;
  }
}
