import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { listPrincipals } from '../../source/aws/identity.ts';
import { between } from '../faults/between.ts';
import { practise } from '../practice/practising.ts';
import { clientsAt } from './clients-at.ts';

/** Clients of practice AWS, through a proxy that may change what AWS answers. */
async function connected(t: TestContext) {
  const { server } = await practise(t);
  const proxy = await between(server.endpoint);
  t.after(proxy.close);
  const clients = await clientsAt(t, proxy.endpoint, { keys: server.credentials });
  return { clients, decide: proxy.decide };
}

test('roles and users are asked for a thousand at a time', async (t) => {
  const { clients } = await connected(t);
  const asked: (readonly [string | undefined, number | undefined])[] = [];
  clients.iam.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        asked.push([commandName, (args.input as { readonly MaxItems?: number }).MaxItems]);
        return next(args);
      },
    { step: 'initialize' },
  );
  const found: string[] = [];
  for await (const page of listPrincipals(clients)) found.push(...page.map(({ kind }) => kind));
  assert.deepEqual(new Set(found), new Set(['role', 'user']));
  assert.deepEqual(asked, [
    ['ListRolesCommand', 1000],
    ['ListUsersCommand', 1000],
  ]);
});

test('a role of an AWS service is not offered', async (t) => {
  const { clients, decide } = await connected(t);
  const names = async () => {
    const found: string[] = [];
    for await (const page of listPrincipals(clients)) found.push(...page.map(({ name }) => name));
    return found;
  };
  const [first] = await names();
  decide((call) =>
    call === 'iam:ListRoles'
      ? { changeBody: (body) => body.replace(/<Path>[^<]*/, '<Path>/aws-service-role/s3.amazonaws.com/') }
      : undefined,
  );
  const left = await names();
  assert.ok(left.length > 0 && !left.includes(first ?? ''), `${first} in ${left}`);
});
