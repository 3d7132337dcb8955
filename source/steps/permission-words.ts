import type { Need } from '../aws/needed-policy.ts';
import type { PermissionTest } from '../aws/permission-check.ts';
import {
  type DecidedBy,
  decidedBy,
  type MissingPermission,
  type UnknownPermission,
} from '../aws/permission-judgement.ts';

/** Gives the missing permissions without which the key cannot be made or get its material: those for KMS. */
export function missingForKms(test: PermissionTest): readonly MissingPermission[] {
  return test.tested ? test.missing.filter(isForKms) : [];
}

const isForKms = ({ action }: Need) => action.startsWith('kms:');

/**
 * Says what the test of the caller's permissions found, what decided it, and what IAM could not tell; or why there was no test. A
 * sentence or two for each group of actions; what is missing comes first.
 * @param bucket the name with which IAM was asked about S3: it is only Keyferry's suggestion, and another may be chosen.
 */
export function testedWords(test: PermissionTest, bucket: string): readonly string[] {
  if (!test.tested) return [`Your permissions were not tested. ${test.why}`];
  const { missing, unknown = [] } = test;
  const found = [...missingWords(missingForKms(test)), ...uploadWords(missing, bucket), ...unknownWords(unknown)];
  if (found.length > 0) return found;
  return ["IAM's test finds nothing missing, as far as it can see."];
}

/** The words that say what decided. */
const decisions: Readonly<Record<DecidedBy, string>> = {
  'no policy': 'no IAM policy of yours allows it',
  'explicit deny': 'an IAM policy denies it',
  boundary: 'your permissions boundary does not allow it',
  'key policy': 'the key policy does not allow it',
};

/** Says in a sentence which actions the caller may not do, and what decided it; an empty list when none is missing. */
export function missingWords(missing: readonly MissingPermission[]): readonly string[] {
  const parts = (Object.keys(decisions) as DecidedBy[]).flatMap((by) => {
    const decided = missing.filter((permission) => decidedBy(permission) === by);
    return decided.length === 0 ? [] : [`${actionsOf(decided)}: ${decisions[by]}`];
  });
  return parts.length === 0 ? [] : [`By IAM's test, you may not ${parts.join('; and not ')}.`];
}

/**
 * Says which missing actions a policy denies or the permissions boundary does not allow; an empty text when there are none. Each
 * sentence begins with a blank.
 */
export function decidedWords(missing: readonly MissingPermission[]): string {
  const words = (by: DecidedBy, says: string) => {
    const actions = actionsOf(missing.filter((permission) => decidedBy(permission) === by));
    return actions === '' ? '' : ` ${says} ${actions}.`;
  };
  return `${words('explicit deny', 'An IAM policy denies')}${words('boundary', 'Your permissions boundary does not allow')}`;
}

/**
 * Says which S3 actions are missing for a bucket with the name that Keyferry suggests; an empty list when none is. The person
 * chooses the bucket later, so another bucket may lack nothing.
 */
export function uploadWords(missing: readonly MissingPermission[], bucket: string): readonly string[] {
  const forUpload = missing.filter((permission) => !isForKms(permission));
  if (forUpload.length === 0) return [];
  const consequence = forUpload.every(({ action }) => onlyToLook.includes(action))
    ? 'The upload at the end goes without, and says what was not looked at.'
    : 'The upload at the end needs it; another bucket may differ.';
  return [`For the bucket s3://${bucket}, you may not ${actionsOf(forUpload)}. ${consequence}`];
}

/** Permissions with which an upload is looked at before and after; S3 takes the upload without them. */
const onlyToLook = ['s3:ListBucket', 's3:GetObject'];

/** Says about which actions IAM could not tell, and why: a sentence for each reason. */
export function unknownWords(unknown: readonly UnknownPermission[]): readonly string[] {
  const groups = new Map<string, UnknownPermission[]>();
  for (const permission of unknown) {
    const reason = reasonOf(permission);
    groups.set(reason, [...(groups.get(reason) ?? []), permission]);
  }
  return [...groups].map(([reason, permissions]) => reason.replace('ACTIONS', shortActionsOf(permissions)));
}

/** Says why IAM could not tell, with ACTIONS in the place of the actions. */
function reasonOf(permission: UnknownPermission): string {
  switch (permission.why) {
    case 'organization':
      return "Your organization may deny ACTIONS. IAM's test cannot tell: it does not know all conditions of a service control policy.";
    case 'condition':
      return `Whether you may ACTIONS is not known: a policy asks for ${permission.keys.join(', ')}.`;
    case 'key policy':
      return 'Whether you may ACTIONS is not known: a condition of the key policy decides.';
    case 'no answer':
      return 'Whether you may ACTIONS is not known: IAM did not say.';
  }
}

/** Lists the actions of permissions, each once. */
export function actionsOf(needs: readonly Need[]): string {
  return [...new Set(needs.map(({ action }) => action))].join(', ');
}

/** Lists up to four actions. Of more than four, lists the first three, and counts the others. */
function shortActionsOf(needs: readonly Need[]): string {
  const actions = [...new Set(needs.map(({ action }) => action))];
  return actions.length <= 4 ? actions.join(', ') : `${actions.slice(0, 3).join(', ')} and ${actions.length - 3} more`;
}
