import { type ExistingPolicy, policyName, rowsOf, wordOf } from '../aws/existing-policy.ts';

// Pages: KMS developer guide, "Default key policy".

/** The account of the key, and the ARN of the caller. */
type Caller = { readonly accountId: string; readonly you: string };

/**
 * Says who can change a key policy: they can allow themselves everything, and lock out all others. Says also when nobody could
 * change the policy once they are gone, and who can give rights by a grant without a change of the policy.
 */
export function changersWords(policy: ExistingPolicy, caller: Caller): string {
  return `${whoCanChange(policy, caller)}${whoCanGrant(policy, caller)}`;
}

/**
 * Names those who can change the policy, and says when the caller is not among them. Without the account root, says also that
 * nobody could change the policy once these are gone.
 */
function whoCanChange(policy: ExistingPolicy, { accountId, you }: Caller): string {
  const changers = rowsOf(policy).filter(({ changePolicy }) => changePolicy !== 'no');
  if (changers.length === 0) return 'Nobody can change this policy: it allows kms:PutKeyPolicy to no one.';
  const names = changers.map(({ principal }) => (principal === you ? 'you' : policyName(principal, accountId)));
  const hasAccount = names.includes(rootName);
  const others = names.filter((name) => name !== rootName);
  // Of four or more names, the sentence has only the first two.
  const shortList = others.length < 4 ? others : [...others.slice(0, 2), `${others.length - 2} more`];
  const nameWords = joinNames([...shortList, ...(hasAccount ? [`everyone whom IAM allows it (${rootName})`] : [])]);
  const sentence = `${nameWords.charAt(0).toUpperCase()}${nameWords.slice(1)} can change this policy, and so give and take away every right to the key.`;
  // Also a caller whom the policy does not name may change it: when IAM allows it, or a condition decides.
  const callerWord = wordOf(policy, you, accountId, 'kms:PutKeyPolicy');
  const mayCallerChange = names.includes('you') || callerWord === 'iam' || callerWord === 'maybe';
  const callerNote = mayCallerChange ? '' : ' You cannot.';
  if (hasAccount) return `${sentence}${callerNote}`;
  return `${sentence}${callerNote} The account root cannot: once these are gone, only AWS Support can help.`;
}

/** Names those who cannot change the policy, but can give rights by a grant; an empty text when there are none. */
function whoCanGrant(policy: ExistingPolicy, { accountId, you }: Caller): string {
  const granters = rowsOf(policy).filter(
    ({ makeGrants, changePolicy }) => makeGrants === 'yes' && changePolicy === 'no',
  );
  if (granters.length === 0) return '';
  const names = granters.map(({ principal }) => (principal === you ? 'you' : policyName(principal, accountId)));
  return ` By a grant, ${joinNames(names)} can still give rights to the key to anybody.`;
}

/** The name that `policyName` gives to the account root. A policy that names the root lets IAM allow users and roles. */
const rootName = 'account root';

/** Joins names by commas, and the last one by "and". */
const joinNames = (names: readonly string[]) =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
