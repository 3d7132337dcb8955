import { permissionsJson } from '../source/commands/explain-permissions.ts';
import type { Settings } from '../source/practice/control-settings.ts';

type Statement = { readonly Sid: string; readonly Action: readonly string[] };

/** The bucket of ceremonies under the printed policy. */
export const bucketOfPolicy = 'archive-of-tests';

/** The statements of the policy that `keyferry explain permissions` prints, with its names filled in. */
export const printedStatements: readonly Statement[] = JSON.parse(
  permissionsJson()
    .replaceAll('REGION', 'us-east-1')
    .replaceAll('ACCOUNT', '000000000000')
    .replaceAll('BUCKET', bucketOfPolicy),
).Statement;

/** Settings of practice AWS under which its usual caller has these statements, and no other right in IAM. */
export const underPolicy = (statements: readonly Statement[]): Settings => ({
  policies: { SecurityAdmin: [{ Statement: [...statements] }] },
});

/** Answers after which the key policy names only others, and so gives nothing to whoever runs the ceremony. */
export const policyForOthers = {
  permissions: {
    administrators: ['arn:aws:iam::000000000000:user/alice'],
    users: ['arn:aws:iam::000000000000:role/app-uploader'],
  },
  'encrypt-objects': { where: 'new', bucket: bucketOfPolicy },
} as const;
