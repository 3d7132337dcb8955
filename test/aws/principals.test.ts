import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openClients } from '../../source/aws/clients.ts';
import { listPrincipals } from '../../source/aws/identity.ts';
import { newFolder } from '../new-folder.ts';
import { practise } from '../practice/practising.ts';

test('roles and users are asked for a thousand at a time', async (t) => {
  const { server } = await practise(t, { folder: newFolder({ inMemory: true }) });
  const { endpoint, credentials } = server;
  const given = { credentials: { from: 'fixed', ...credentials }, region: 'us-east-1', endpointUrl: endpoint } as const;
  const clients = await openClients({ ...given, onCall: () => {} });
  t.after(() => clients.close());
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
