import { accountId } from './account.ts';
import type { Call } from './exchange.ts';
import type { XmlValue } from './xml.ts';

/** STS, API version 2011-06-15. GetCallerIdentity needs no permission and cannot be denied. */
export const stsOperations: Readonly<Record<string, (call: Call, input: URLSearchParams) => XmlValue>> = {
  GetCallerIdentity: ({ identity }) => ({ Arn: identity.arn, UserId: identity.userId, Account: accountId }),
};
