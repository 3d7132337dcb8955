import { accountId } from './account.ts';
import { type QueryOperation, queryOperation } from './query-operation.ts';

/** STS, API version 2011-06-15. GetCallerIdentity needs no permission and cannot be denied. */
export const stsOperations: Readonly<Record<string, QueryOperation>> = {
  GetCallerIdentity: queryOperation({ on: 'none' }, ({ identity }) => ({
    Arn: identity.arn,
    UserId: identity.userId,
    Account: accountId,
  })),
};
