import assert from 'node:assert/strict';
import os, { hostname, userInfo } from 'node:os';
import { test } from 'node:test';
import { noteSession } from '../../source/steps/note-session.ts';
import { AwsSession } from '../../source/steps/session.ts';
import { accessKeys, setNetwork } from '../aws/network-settings.ts';
import { between } from '../faults/between.ts';
import { identity } from '../faults/identity.ts';
import { newFolder } from '../new-folder.ts';
import { practise } from '../practice/practising.ts';
import { replaceMembers } from '../replace-members.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { makeServices } from '../services.ts';
import { beginCheck, beginImport, continueImport, problemOf, type RunningCeremony } from './ceremony.ts';

const you = 'arn:aws:sts::000000000000:assumed-role/SecurityAdmin/you';
const colleague = 'arn:aws:iam::000000000000:user/secops-1';

const sessionsOf = ({ services }: RunningCeremony) => services.journal.lines.filter(({ kind }) => kind === 'session');
const kindsOf = ({ services }: RunningCeremony) => services.journal.lines.map(({ kind }) => kind);

test('a run notes who acts, once, as soon as AWS has said it', async (t) => {
  const ceremony = await beginImport(t);
  await ceremony.upTo('connect');
  await ceremony.upTo('policy');
  const [session, ...more] = sessionsOf(ceremony);
  assert.deepEqual(more, []);
  const { at: _, prev: __, ...entry } = session ?? assert.fail('there is none');
  assert.deepEqual(entry, {
    kind: 'session',
    callerArn: you,
    accountId: '000000000000',
    osUser: userInfo().username,
    host: hostname(),
    version: '0.0.0',
    node: process.versions.node,
  });
  const kinds = kindsOf(ceremony);
  assert.ok(kinds.indexOf('session') < kinds.indexOf('done'));
});

test('whoever looks at a finished ceremony again is not noted, and nothing fails for that', async (t) => {
  const ceremony = await beginImport(t);
  await ceremony.upTo('connect');
  const { services } = ceremony;
  services.journal.append({ kind: 'finished' });
  const before = services.journal.lines.length;
  noteSession({ arn: colleague, accountId: '000000000000', partition: 'aws' }, 'practice', services);
  assert.equal(services.journal.lines.length, before);
});

test('a ceremony that another person goes on with has a session of each', async (t) => {
  const ceremony = await beginImport(t);
  await ceremony.upTo('describe-key');
  const { server } = ceremony.practice;
  const theirs = { ...ceremony.practice, server: { ...server, credentials: server.credentialsOf('secops-1') } };
  const later = await continueImport(t, ceremony, { practice: theirs });
  await later.upTo('permissions');
  const again = await continueImport(t, later, { practice: theirs });
  await again.upTo('policy');
  assert.deepEqual(
    sessionsOf(again).map((line) => line.kind === 'session' && line.callerArn),
    [you, colleague, colleague],
  );
});

test('whoever connects anew as somebody else in the same run is noted too', async (t) => {
  const ceremony = await beginImport(t);
  await ceremony.upTo('connect');
  const { services } = ceremony;
  const caller = { accountId: '000000000000', partition: 'aws', arn: colleague, principalArn: colleague };
  noteSession(caller, 'practice', services);
  noteSession(caller, 'practice', services);
  assert.deepEqual(
    sessionsOf(ceremony).map((line) => line.kind === 'session' && line.callerArn),
    [you, colleague],
  );
});

test('credentials of another account, with which nothing goes on, are no session of the ceremony', async (t) => {
  const practice = await practise(t);
  const proxy = await between(practice.server.endpoint);
  t.after(proxy.close);
  const ceremony = await beginImport(t, { practice, endpoint: proxy.endpoint });
  await ceremony.upTo('describe-key');
  const later = await continueImport(t, ceremony, { endpoint: proxy.endpoint });
  proxy.decide((call) =>
    call === 'sts:GetCallerIdentity' ? { status: 200, body: identity('111122223333') } : undefined,
  );
  await problemOf(later.upTo('policy'));
  assert.equal(sessionsOf(later).length, 1);
});

test('the check of a backup notes who makes it in its own journal', async (t) => {
  const { recipient, identityFile } = ageIdentity(newFolder());
  const backup = { how: 'recipients', recipients: [recipient], identity: identityFile };
  const ceremony = await beginImport(t, { answers: { backup } });
  await ceremony.upTo('prove');
  const file = ceremony.services.folder.file('my-first-key.key.age');
  const answers = { 're-import': { identity: identityFile } };
  const checking = await beginCheck(t, ceremony, { file, answers });
  await checking.upTo('recorded-key');
  assert.deepEqual(
    sessionsOf(checking).map((line) => line.kind === 'session' && line.callerArn),
    [you],
  );
});

test("a session names the endpoints that are not AWS's own", async (t) => {
  const { services } = await makeServices(t);
  services.folder.make();
  setNetwork(t, { ...accessKeys, AWS_ENDPOINT_URL_KMS: 'https://kms.corp.test' });
  const session = new AwsSession({ openPractice: () => assert.fail('this is not practice'), onCall: () => {} });
  t.after(() => session.close());
  await session.connect('environment', 'us-east-1');
  const caller = { accountId: '000000000000', partition: 'aws', arn: you, principalArn: you };
  noteSession(caller, 'environment', { ...services, session });
  const [line] = services.journal.lines;
  assert.ok(line?.kind === 'session');
  assert.deepEqual([line.endpoint, line.endpoints], [undefined, { kms: 'https://kms.corp.test' }]);
});

test('where the user of the system has no name, the session has the number', async (t) => {
  replaceMembers(t, os, { userInfo: () => assert.fail('uv_os_get_passwd returned ENOENT') });
  const ceremony = await beginImport(t);
  await ceremony.upTo('connect');
  const [line] = sessionsOf(ceremony);
  assert.equal(line?.kind === 'session' && line.osUser, `uid ${process.getuid?.()}`);
});
