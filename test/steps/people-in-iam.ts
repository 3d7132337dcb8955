import { answeringIam, refusal } from '../aws/answering-clients.ts';

/* People of a policy, and an IAM that knows most of them. */

export const role = (name: string, account = '000000000000') => `arn:aws:iam::${account}:role/${name}`;
export const user = (name: string) => `arn:aws:iam::000000000000:user/${name}`;
export const you = role('SecurityAdmin');

const made = { CreateDate: new Date(0), RoleId: 'r', UserId: 'u' };

/**
 * An IAM that lists two roles and a user, and notes whom it was asked about. It has anybody under the name that is asked for,
 * those who begin with Moved under the path `there/`, and nobody who begins with Gone; it does not tell of Silent ones.
 */
export function iamOfPeople() {
  const asked: string[] = [];
  const iam = answeringIam((input, command) => {
    if (command === 'ListRoles')
      return {
        Roles: [
          { ...made, Arn: you, RoleName: 'SecurityAdmin', Path: '/' },
          { ...made, Arn: role('ops/Deploy'), RoleName: 'Deploy', Path: '/ops/' },
        ],
      };
    if (command === 'ListUsers') return { Users: [{ ...made, Arn: user('alice'), UserName: 'alice', Path: '/' }] };
    const { RoleName, UserName } = input as { readonly RoleName?: string; readonly UserName?: string };
    const name = RoleName ?? UserName ?? '';
    asked.push(name);
    if (name.startsWith('Gone')) return refusal('NoSuchEntityException', 404);
    if (name.startsWith('Silent')) return refusal('AccessDenied', 403);
    const there = name.startsWith('Moved') ? `there/${name}` : name;
    return RoleName === undefined
      ? { User: { ...made, Path: '/', UserName: name, Arn: user(there) } }
      : { Role: { ...made, Path: '/', RoleName: name, Arn: role(there) } };
  });
  return { iam, asked };
}
