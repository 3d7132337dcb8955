import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { ProblemError } from '../../source/ceremony/problem.ts';
import { connectToWrap } from '../../source/steps/connect-to-wrap.ts';
import type { Endpoints } from '../../source/steps/endpoints.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { recordedKey } from '../../source/steps/recorded-key.ts';
import type { KeyferryStep } from '../../source/steps/services.ts';
import { AwsSession } from '../../source/steps/session.ts';
import { confirmHosts, confirmMoved } from '../../source/steps/trusted-endpoint.ts';
import { accessKeys, setNetwork } from '../aws/network-settings.ts';
import { standIn } from '../aws/stand-in.ts';
import { makeAuthority, tlsFront } from '../aws/tls-front.ts';
import { connectionOf, endpointsWith } from '../known-facts.ts';
import { newFolder } from '../new-folder.ts';
import { makeOfflineServicesFor, withClients } from '../offline-services.ts';
import { type Practice, practise } from '../practice/practising.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { makeServices } from '../services.ts';
import { beginCheck, beginImport, continueImport, problemOf } from './ceremony.ts';

const authority = makeAuthority();
const { recipient } = ageIdentity(newFolder());
const skip = authority === undefined ? 'no openssl' : false;

/** Practice AWS behind an endpoint that does not say what it is, as one of somebody else would. */
async function foreignEndpoint(t: TestContext): Promise<{ practice: Practice; endpoint: string; host: string }> {
  const practice = await practise(t);
  const endpoint = await nameless(t, practice.server.endpoint);
  connectTo(t, practice, endpoint);
  return { practice, endpoint, host: new URL(endpoint).host };
}

/** Gives an endpoint over TLS before another one, which leaves out the header that names practice AWS. */
async function nameless(t: TestContext, endpoint: string): Promise<string> {
  assert.ok(authority !== undefined);
  setDefaultCACertificates([...getCACertificates('bundled'), readFileSync(authority.file, 'utf8')]);
  return `https://localhost:${await tlsFront(t, endpoint, authority, { without: 'server' })}`;
}

/** From now on, the environment has the credentials of practice AWS and names this endpoint. */
function connectTo(t: TestContext, { server }: Practice, endpoint: string): void {
  const { accessKeyId, secretAccessKey, sessionToken = '' } = server.credentials;
  setNetwork(t, {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    ...(sessionToken === '' ? {} : { AWS_SESSION_TOKEN: sessionToken }),
    AWS_ENDPOINT_URL: endpoint,
  });
}

/** An account whose credentials are those of practice AWS, without being named so. */
const account = { preset: { source: 'environment', region: 'us-east-1' } } as const;

test('an endpoint of somebody else gets nothing to wrap before its host is typed', { skip }, async (t) => {
  const { practice, host } = await foreignEndpoint(t);
  const answers = { connect: { 'trust-endpoint': 'stop' } };
  const ceremony = await beginImport(t, { practice, parts: account, answers });
  const { what, why, next } = await problemOf(ceremony.upTo());
  assert.equal(what, `Can't go on with ${host} before its name is typed.`);
  assert.match(why ?? '', /KMS does not sign what it sends/);
  assert.match(next[0] ?? '', new RegExp(`connect\\.trust-endpoint: ${host}$`));
  assert.deepEqual(ceremony.changes, []);
  assert.equal(ceremony.countOf('KMS.GetParametersForImport'), 0);
});

test("AWS's own endpoints and hosts that were confirmed before are not asked about", async (t) => {
  const practice = await practise(t);
  const confirm = async (endpoint: string, confirmed: readonly string[] = []) => {
    connectTo(t, practice, endpoint);
    const { services } = await makeServices(t, { practice });
    await services.session.connect('environment', 'us-east-1');
    return confirmHosts('connect', 'environment', services, confirmed);
  };
  assert.deepEqual(await confirm('https://vpce-0a1b-xyz.kms.us-east-1.vpce.amazonaws.com'), {});
  const theirs = 'https://kms.example.com:8443';
  await assert.rejects(confirm(theirs), /Can't go on with kms\.example\.com:8443 before its name is typed/);
  await assert.rejects(confirm(theirs, ['kms.example.com']), ProblemError);
  assert.deepEqual(await confirm(theirs, ['kms.example.com:8443']), { trustedHosts: ['kms.example.com:8443'] });
});

test('another phrase than the host is not taken', { skip }, async (t) => {
  const { practice, host } = await foreignEndpoint(t);
  const answers = { connect: { 'trust-endpoint': 'yes' } };
  const ceremony = await beginImport(t, { practice, parts: account, answers });
  await assert.rejects(ceremony.upTo('connect'), (error: Error) => /Type exactly/.test(error.message));
  assert.ok(!ceremony.services.trusted.has(host));
});

test('a host that is typed is recorded, who sent the wrapping key is shown, and going on asks nothing again', {
  skip,
}, async (t) => {
  const { practice, host } = await foreignEndpoint(t);
  const answers = { connect: { 'trust-endpoint': host } };
  const ceremony = await beginImport(t, { practice, parts: account, answers });
  const { connection, wrapping } = await ceremony.upTo('wrapping-key');
  assert.deepEqual(connection?.trustedHosts, [host]);
  assert.deepEqual(wrapping?.sentBy, { host, issuer: 'Inspection' });
  const shown = ceremony.progress.map(({ label, note = '' }) => `${label}, ${note}`).join('\n');
  assert.match(
    shown,
    new RegExp(`^${host} answered, with a certificate of Inspection, TLSv1\\.3, .*: the whole proof`, 'm'),
  );
  assert.match(ceremony.receiptOf('wrapping-key'), new RegExp(`, from ${host} \\(certificate of Inspection\\)$`));
  const later = await continueImport(t, ceremony, { parts: account });
  assert.ok((await later.upTo('import')).imported);
  const connected = later.services.journal.lines.filter((line) => line.kind === 'done' && line.step === 'connect');
  assert.equal(connected.length, 1, 'the run that goes on does not count as the one that did the step');
});

test('a ceremony that goes on at another endpoint says both, sends nothing before the new host is typed, and records it', {
  skip,
}, async (t) => {
  const { practice, endpoint, host } = await foreignEndpoint(t);
  const answers = { connect: { 'trust-endpoint': host } };
  const ceremony = await beginImport(t, { practice, parts: account, answers });
  await ceremony.upTo('describe-key');
  const moved = await nameless(t, practice.server.endpoint);
  connectTo(t, practice, moved);
  const unconfirmed = await continueImport(t, ceremony, { parts: account });
  unconfirmed.answer('connect', { 'trust-endpoint': 'stop' });
  const before = unconfirmed.calls.length;
  const { what, why } = await problemOf(unconfirmed.upTo('policy'));
  assert.equal(what, 'This ceremony would go on at another endpoint than before.');
  assert.equal(why, `Until now it was at ${endpoint}; now it would be at ${moved}.`);
  assert.equal(unconfirmed.calls.length, before);
  const later = await continueImport(t, unconfirmed, { parts: account });
  later.answer('connect', { 'trust-endpoint': new URL(moved).host });
  const { connection } = await later.upTo('policy');
  assert.deepEqual([connection?.endpoint, connection?.trustedHosts], [moved, [new URL(moved).host]]);
});

test('the check of a backup at another endpoint than the import records the endpoint and the host of the check', {
  skip,
}, async (t) => {
  const { practice, host } = await foreignEndpoint(t);
  const answers = { connect: { 'trust-endpoint': host }, backup: { how: 'recipients', recipients: [recipient] } };
  const ceremony = await beginImport(t, { practice, parts: account, answers });
  await ceremony.upTo('import');
  const moved = await nameless(t, practice.server.endpoint);
  const movedHost = new URL(moved).host;
  connectTo(t, practice, moved);
  const file = ceremony.services.folder.file('my-first-key.key.age');
  const checking = await beginCheck(t, ceremony, {
    file,
    answers: { 'recorded-key': { 'trust-endpoint': movedHost } },
  });
  const { connection } = await checking.upTo('recorded-key');
  assert.deepEqual([connection?.endpoint, connection?.trustedHosts], [moved, [movedHost]]);
  connectTo(t, practice, practice.server.endpoint);
  const atPractice = await beginCheck(t, ceremony, { file, journalName: 'second-check.jsonl' });
  const { connection: practised } = await atPractice.upTo('recorded-key');
  assert.deepEqual([practised?.practice, practised?.trustedHosts], [true, undefined]);
});

/** Services connected to AWS's own endpoints, but for `theirs`; practice AWS may answer there. */
const servicesAt = (t: TestContext, theirs: Parameters<typeof endpointsWith>[0], isPractice = false) =>
  withClients(t, { answersAsPractice: () => isPractice, endpoints: endpointsWith(theirs) });

test('every endpoint that replaces one of AWS is asked about until its host is typed, and one of practice AWS is not', (t) => {
  const [one, two] = [{ kms: 'https://one.test', s3: 'https://one.test' }, { iam: 'https://two.test:99' }];
  const services = servicesAt(t, { ...one, ...two });
  const says = (host: string) => new RegExp(`Can't go on with ${host} before its name is typed`);
  assert.throws(() => confirmHosts('connect', 'environment', services), says('one.test'));
  services.trusted.add('one.test');
  assert.throws(() => confirmHosts('connect', 'environment', services), says('two.test:99'));
  services.trusted.add('two.test:99');
  const trustedHosts = ['one.test', 'two.test:99'];
  assert.deepEqual(confirmHosts('connect', 'environment', services), { trustedHosts });
  assert.deepEqual(confirmHosts('connect', 'practice', servicesAt(t, one)), {});
  assert.deepEqual(confirmHosts('connect', 'environment', servicesAt(t, one, true)), {});
  assert.deepEqual(confirmHosts('connect', 'environment', servicesAt(t, {})), {}, 'none is replaced');
});

for (const [what, before, now, theirs, host, words, flag] of [
  [
    'one for all services',
    { endpoint: 'https://one.test' },
    { endpoint: 'https://two.test' },
    { kms: 'https://two.test', s3: 'https://two.test', iam: 'https://two.test', sts: 'https://two.test' },
    'two.test',
    'Until now it was at https://one.test; now it would be at https://two.test.',
    ' with --endpoint-url https://one.test',
  ],
  [
    'that of one service',
    {},
    { endpoints: { s3: 'https://two.test' } },
    { s3: 'https://two.test' },
    'two.test',
    "Until now it was at AWS's own endpoints; now it would be at https://two.test (S3).",
    '',
  ],
  [
    "AWS's own, which is back",
    { endpoints: { sts: 'https://one.test' } },
    {},
    {},
    'sts.us-east-1.amazonaws.com',
    "Until now it was at https://one.test (STS); now it would be at AWS's own endpoints.",
    '',
  ],
] as const satisfies readonly (readonly [string, Endpoints, Endpoints, object, string, string, string])[])
  test(`a ceremony does not go on at another endpoint, ${what}, before its host is typed`, async (t) => {
    const services = servicesAt(t, theirs);
    const { clients } = services.session;
    const confirm = () => confirmMoved('connect', { before, now }, clients, services);
    const { why, next, ask } = await problemOf(confirm);
    assert.equal(why, words);
    assert.equal(next[0], `To continue it as it was begun, start Keyferry again${flag}.`);
    assert.match(next[1] ?? '', new RegExp(`connect\\.trust-endpoint: ${host}$`));
    assert.ok(ask?.kind === 'phrase' && ask.phrase === host);
    services.trusted.add(host);
    assert.doesNotThrow(confirm);
    confirmMoved('connect', { before: now, now }, clients, servicesAt(t, theirs));
  });

test('of several services at other endpoints than before, each host is asked about', async (t) => {
  const endpoints = {
    kms: 'https://one.test',
    s3: 'https://two.test:8443',
    iam: 'https://three.test',
    sts: 'https://four.test',
  };
  const services = servicesAt(t, endpoints);
  const { clients } = services.session;
  const now = { endpoints };
  for (const host of ['one.test', 'two.test:8443', 'three.test', 'four.test']) {
    const { ask } = await problemOf(() => confirmMoved('connect', { before: {}, now }, clients, services));
    assert.ok(ask?.kind === 'phrase' && ask.phrase === host);
    ask.confirm();
  }
  assert.doesNotThrow(() => confirmMoved('connect', { before: {}, now }, clients, services));
});

/** A run that goes on in an account at endpoints of somebody else, which answer who the caller is. */
async function goingOn(t: TestContext) {
  const { endpoint, came } = await standIn(t);
  const s3 = endpoint.replace('127.0.0.1', 'localhost');
  setNetwork(t, { ...accessKeys, AWS_ENDPOINT_URL: endpoint, AWS_ENDPOINT_URL_S3: s3 });
  const offline = makeOfflineServicesFor(t);
  const session = new AwsSession({ openPractice: () => assert.fail('this is no practice'), onCall: () => {} });
  t.after(() => session.close());
  offline.folder.make();
  offline.journal.append({ kind: 'begun', ceremony: 'first-import', id: 'one', version: '0.0.0' });
  const services = { ...offline, session, preset: {} };
  const endpoints = { kms: endpoint, s3, iam: endpoint, sts: endpoint };
  const before: NonNullable<Facts['connection']> = {
    ...connectionOf('arn:aws:iam::000000000000:user/alice'),
    source: 'environment',
    endpoints,
  };
  const restored = (step: KeyferryStep, more: object) =>
    step.restore?.({ facts: { connection: { ...before, ...more } }, answers: {}, services });
  return { services, restored, came, hosts: [new URL(endpoint).host, new URL(s3).host] as const, endpoints };
}

test('a host that is typed when a ceremony goes on is noted beside those from before', async (t) => {
  const { restored, services, hosts } = await goingOn(t);
  const [first, second] = hosts;
  await assert.rejects(async () => restored(connectToWrap, { trustedHosts: [first] }), /Can't go on with localhost:/);
  services.trusted.add(second);
  const changed = await restored(connectToWrap, { trustedHosts: [first] });
  assert.deepEqual(changed?.connection?.trustedHosts, [first, second]);
  assert.equal(await restored(connectToWrap, { trustedHosts: [second, first] }), undefined);
});

test('a check that goes on at another endpoint notes it, and at the same one nothing', async (t) => {
  const { restored, hosts, endpoints } = await goingOn(t);
  assert.equal(await restored(recordedKey, { trustedHosts: hosts }), undefined);
  const { s3: _, ...others } = endpoints;
  const changed = await restored(recordedKey, { trustedHosts: hosts, endpoints: others });
  assert.deepEqual([changed?.connection?.endpoints, changed?.connection?.trustedHosts], [endpoints, hosts]);
  // What was found out about the caller stays, as long as it is the same one.
  const found = { principalArn: 'arn:aws:iam::000000000000:role/found', unconfirmed: { is: 'derived', why: 'x' } };
  const nowWith = async (callerArn: string) =>
    (await restored(recordedKey, { trustedHosts: hosts, endpoints: others, callerArn, ...found }))?.connection;
  const callerArn = changed?.connection?.callerArn ?? '';
  const same = await nowWith(callerArn);
  assert.deepEqual([same?.principalArn, same?.unconfirmed], [found.principalArn, found.unconfirmed]);
  const another = await nowWith('arn:aws:iam::000000000000:user/another');
  assert.equal(another?.callerArn, callerArn);
  assert.notEqual(another?.principalArn, found.principalArn);
});

test('nothing is sent to a new endpoint until its host is typed; then only the endpoints of now are noted', async (t) => {
  const { restored, services, came, hosts, endpoints } = await goingOn(t);
  const before = { endpoint: 'https://before.test', endpoints: undefined, practice: true, trustedHosts: hosts };
  for (const host of hosts) {
    await assert.rejects(async () => restored(connectToWrap, before), /go on at another endpoint than before/);
    services.trusted.add(host);
  }
  assert.deepEqual([came, services.session.isConnected], [[], false]);
  const connection = (await restored(connectToWrap, before))?.connection;
  assert.deepEqual(
    [connection?.endpoint, connection?.endpoints, connection?.practice],
    [undefined, endpoints, undefined],
  );
  assert.ok(came.length > 0);
});
