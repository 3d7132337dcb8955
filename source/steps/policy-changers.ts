import { type ExistingPolicy, policyName, rowsOf, wordOf } from '../aws/existing-policy.ts';

/**
 * Says who can change a key policy, and so let themselves do everything and lock out everybody else; and whether anybody
 * can when they are gone.
 */
export function changersWords(
  policy: ExistingPolicy,
  { accountId, you }: { readonly accountId: string; readonly you: string },
): string {
  const changing = rowsOf(policy).filter(({ manage }) => manage !== 'no');
  if (changing.length === 0) return 'Nobody can change this policy: it allows kms:PutKeyPolicy to no one.';
  const names = changing.map(({ principal }) => (principal === you ? 'you' : policyName(principal, accountId)));
  const hasAccount = names.includes(account);
  const others = names.filter((name) => name !== account);
  const shown = others.length < 4 ? others : [...others.slice(0, 2), `${others.length - 2} more`];
  const listed = joined([...shown, ...(hasAccount ? [`everyone whom IAM allows it (${account})`] : [])]);
  const can = `${listed.charAt(0).toUpperCase()}${listed.slice(1)} can change this policy, and so give and take away every right to the key.`;
  const mine = wordOf(policy, you, accountId, 'kms:PutKeyPolicy');
  const yours = names.includes('you') || mine === 'iam' || mine === 'maybe' ? '' : ' You cannot.';
  if (hasAccount) return `${can}${yours}`;
  return `${can}${yours} The account root cannot: once these are gone, nobody can change it again.`;
}

/** By this principal a policy leaves the rest to IAM. */
const account = 'account root';

const joined = (names: readonly string[]) =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
