import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { type TestContext, test } from 'node:test';
import { readAwsEnvironment } from '../../source/aws/environment.ts';
import type { Answers } from '../../source/ceremony/question.ts';
import { connect } from '../../source/steps/connect.ts';
import { AwsSession } from '../../source/steps/session.ts';
import { whereabouts } from '../../source/ui/ink/interviewer.ts';
import { accessKeyLines, configFile, setNetwork } from '../aws/network-settings.ts';
import type { Between } from '../faults/between.ts';
import { identity } from '../faults/identity.ts';
import { keepEnvironment } from '../kept-environment.ts';
import { connectionOf } from '../known-facts.ts';
import { serve } from '../loopback-server.ts';
import { makeOfflineServices } from '../offline-services.ts';
import { must, practise } from '../practice/practising.ts';
import { beginImport, continueImport, problemOf, proxyBefore, type RunningCeremony, refusalOf } from './ceremony.ts';

/** A ceremony with a proxy between it and practice AWS. */
async function behindProxy(t: TestContext): Promise<{ ceremony: RunningCeremony; proxy: Between }> {
  const practice = await practise(t);
  const proxy = await proxyBefore(t, practice);
  return { ceremony: await beginImport(t, { practice, endpoint: proxy.endpoint }), proxy };
}

const operationsOf = ({ calls }: RunningCeremony, from: number) =>
  [...new Set(calls.slice(from).map(({ operation }) => operation))].toSorted();

for (const [name, fate] of [
  ['no body', { status: 407, body: '' }],
  ['plain text', { status: 407, headers: { 'content-type': 'text/plain' }, body: 'Proxy Authentication Required' }],
  ['a page', { status: 407, headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' }],
] as const) {
  test(`a 407 with ${name} is told as a proxy's, and not as an answer of AWS`, async (t) => {
    const { ceremony, proxy } = await behindProxy(t);
    proxy.decide(() => fate);
    const { why = '', next } = await problemOf(ceremony.upTo('connect'));
    assert.match(why, /proxy/i);
    assert.doesNotMatch(why, /AWS (says|refused)/);
    assert.match(next.join(' '), /proxy/i);
    assert.equal(ceremony.facts.connection, undefined);
  });
}

test('where AWS refuses the caller, nothing is made or changed, there and here', async (t) => {
  const { ceremony, proxy } = await behindProxy(t);
  const code = '<ErrorResponse><Error><Code>InvalidClientTokenId</Code></Error></ErrorResponse>';
  proxy.decide((call) => (call === 'sts:GetCallerIdentity' ? { status: 403, body: code } : undefined));
  const { what, state, remedies } = await problemOf(ceremony.upTo('connect'));
  assert.equal(what, "Can't connect to AWS.");
  assert.equal(state, 'Nothing was made or changed.');
  // A flag has chosen the connection here, so that there is no question to go back to.
  assert.deepEqual(remedies, []);
  assert.deepEqual(ceremony.changes, []);
  assert.deepEqual(readdirSync(ceremony.services.folder.path), ['journal.jsonl']);

  const { practice } = ceremony;
  const parts = { preset: { region: 'us-east-1' } } as const;
  const answers = { connect: { source: 'practice' } };
  const asked = await beginImport(t, { practice, endpoint: proxy.endpoint, parts, answers });
  const { remedies: ways } = await problemOf(asked.upTo('connect'));
  assert.deepEqual(ways, [{ action: 'ask-again', label: 'Choose another connection', question: 'source' }]);
});

/** A server in the place of an account's own endpoint; it counts who comes. */
async function accountOfTheirs(t: TestContext): Promise<{ endpoint: string; visits: () => number }> {
  let visits = 0;
  const server = createServer((_, answer) => {
    visits += 1;
    answer.writeHead(500).end();
  });
  const { endpoint } = await serve(t, server);
  return { endpoint, visits: () => visits };
}

test('on practice AWS, the credentials and endpoints of the environment are left alone', async (t) => {
  const theirs = await accountOfTheirs(t);
  keepEnvironment(t);
  for (const name of ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_KMS', 'AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL_STS'])
    process.env[name] = theirs.endpoint;
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'theirs' });
  const environment = await readAwsEnvironment(process.env);
  assert.ok(environment.hasKeys);
  const ceremony = await beginImport(t, { parts: { environment } });
  const { connection } = await ceremony.upTo();
  assert.equal(connection?.accountId, '000000000000');
  assert.match(connection.callerArn, /SecurityAdmin/);
  assert.equal(connection.endpoint, undefined);
  assert.equal(theirs.visits(), 0);
});

test('for practice, any Region that AWS has will do', async (t) => {
  const ceremony = await beginImport(t, {
    parts: { preset: { source: 'practice' } },
    answers: { connect: { region: 'ap-east-2' } },
  });
  assert.equal((await ceremony.upTo('import')).imported?.expirationModel, 'KEY_MATERIAL_DOES_NOT_EXPIRE');
  assert.match(ceremony.facts.key?.keyArn ?? '', /:kms:ap-east-2:/);
});

test('a Region that does not exist is told as that, and nothing is made', async (t) => {
  const ceremony = await beginImport(t, {
    parts: { preset: { source: 'practice' } },
    answers: { connect: { region: 'ap-east-9' } },
  });
  const { why, state, next } = await problemOf(ceremony.upTo('connect'));
  assert.match(why ?? '', /^There is no such Region/);
  assert.equal(state, 'Nothing was made or changed.');
  assert.match(next[0] ?? '', /^Give a Region that exists/);
  assert.deepEqual(ceremony.changes, []);
});

test('what is no Region is refused', async (t) => {
  for (const region of ['', 'Frankfurt', 'us-east', 'us-east-1a']) {
    const parts = { preset: { source: 'practice' } } as const;
    const ceremony = await beginImport(t, { parts, answers: { connect: { region } } });
    assert.match(await refusalOf(ceremony.upTo('connect')), /A Region looks like us-east-1/);
    assert.deepEqual(ceremony.calls, []);
  }
});

test('the ways to an account come first where there are any, and practice AWS is always there', async (t) => {
  const { environment: none } = makeOfflineServices();
  const profiles = [{ name: 'ops', region: 'eu-west-1' }] as const;
  for (const [environment, expected] of [
    [none, ['practice', 'instance-role']],
    [{ ...none, profiles }, ['profile:ops', 'instance-role', 'practice']],
    [{ ...none, hasKeys: true, hasRole: true }, ['instance-role', 'environment', 'practice']],
  ] as const) {
    const ceremony = await beginImport(t, { parts: { preset: {}, environment } });
    const [source] = ceremony.questionsOf('connect');
    assert.ok(source?.kind === 'choice' && Array.isArray(source.options));
    assert.deepEqual(
      source.options.map(({ value }) => value),
      expected,
    );
    const role = source.options.find(({ value }) => value === 'instance-role');
    assert.equal(role?.hint, environment.hasRole ? 'found' : undefined);
    assert.match(source.help ?? '', /nothing to pay, nothing to break/);
  }
});

test('who is connected is told with the account, the Region and the role', async (t) => {
  const ceremony = await beginImport(t);
  await ceremony.upTo('connect');
  assert.equal(
    ceremony.receiptOf('connect'),
    'Connected to practice AWS: account 000000000000, us-east-1, as role SecurityAdmin',
  );
  assert.deepEqual(
    ceremony.progress.map(({ id, state, label }) => `${id} ${state}: ${label}`),
    [
      'caller working: Asking AWS who you are',
      'caller done: You are arn:aws:sts::000000000000:assumed-role/SecurityAdmin/you',
    ],
  );
  assert.match(ceremony.commandsOf('connect').join(''), /^aws sts get-caller-identity/);
});

test('a ceremony that is continued with credentials of another account asks who they are and nothing more', async (t) => {
  const { ceremony, proxy } = await behindProxy(t);
  await ceremony.upTo('describe-key');
  const later = await continueImport(t, ceremony, { endpoint: proxy.endpoint });
  const before = later.calls.length;
  proxy.decide((call) =>
    call === 'sts:GetCallerIdentity' ? { status: 200, body: identity('111122223333') } : undefined,
  );
  const { why, state } = await problemOf(later.upTo('policy'));
  assert.equal(why, 'It was begun in account 000000000000; the credentials now are of account 111122223333.');
  assert.equal(state, 'Nothing was made or changed in either account.');
  assert.deepEqual(operationsOf(later, before), ['STS.GetCallerIdentity']);
  const ofChina = identity('000000000000', 'aws-cn');
  proxy.decide((call) => (call === 'sts:GetCallerIdentity' ? { status: 200, body: ofChina } : undefined));
  const other = await problemOf(later.upTo('policy'));
  assert.match(other.why ?? '', /in account 000000000000 \(aws\); .* of account 000000000000 \(aws-cn\)\.$/);
});

test('a ceremony that is continued without flags goes on in its place, and not with what another flag names', async (t) => {
  const parts = { preset: {} } as const;
  const ceremony = await beginImport(t, { parts, answers: { connect: { source: 'practice', region: 'eu-west-1' } } });
  const { connection } = await ceremony.upTo('describe-key');
  assert.deepEqual([connection?.source, connection?.region], ['practice', 'eu-west-1']);
  const later = await continueImport(t, ceremony, { parts });
  assert.equal((await later.upTo('permissions')).connection?.region, 'eu-west-1');
  for (const [source, place] of [
    ['environment', 'AWS (environment)'],
    ['profile:ops', 'AWS (profile ops)'],
  ] as const) {
    const other = await continueImport(t, ceremony, { parts: { preset: { source } } });
    const before = other.calls.length;
    const { why } = await problemOf(other.upTo('policy'));
    assert.equal(why, `It was begun with practice AWS in eu-west-1; now it would be ${place} in eu-west-1.`);
    assert.equal(other.calls.length, before);
  }
});

test('where practice AWS does not start, the person is told so and can choose another connection', async (t) => {
  const openPractice = () => Promise.reject(new Error('no port is free'));
  const session = new AwsSession({ openPractice, onCall: () => {} });
  const parts = { session, preset: { region: 'us-east-1' } } as const;
  const ceremony = await beginImport(t, { parts, answers: { connect: { source: 'practice' } } });
  const { what, why, state, remedies } = await problemOf(ceremony.upTo('connect'));
  assert.deepEqual([what, state], ["Can't connect to AWS.", 'Nothing was made or changed.']);
  assert.match(why ?? '', /no port is free/);
  assert.deepEqual(
    remedies?.map(({ label }) => label),
    ['Choose another connection'],
  );
});

test('a person who stops while AWS is asked who they are is told of no problem', async (t) => {
  const { ceremony, proxy } = await behindProxy(t);
  proxy.decide((call) => {
    if (call === 'sts:GetCallerIdentity') ceremony.stop();
    return undefined;
  });
  await assert.rejects(ceremony.upTo('connect'), /^Error: stopped by the person$/);
  assert.equal(ceremony.facts.connection, undefined);
});

test('only what no flag has chosen is asked', () => {
  const services = makeOfflineServices();
  for (const [preset, asked] of [
    [{}, ['source', 'region']],
    [{ source: 'practice' }, ['region']],
    [{ region: 'us-east-1' }, ['source']],
    [{ source: 'practice', region: 'us-east-1' }, []],
  ] as const) {
    const questions = connect.questions({ facts: {}, answers: {}, services: { ...services, preset } });
    assert.deepEqual(
      questions.map(({ id }) => id),
      asked,
    );
  }
});

test('the command that asks who one is names the Region of the flag, the answer or the environment, in this order', () => {
  const services = makeOfflineServices();
  const commandFor = (preset: object, answers: Answers, region?: string) => {
    const environment = { ...services.environment, region };
    const [command] = connect.commands({ facts: {}, answers, services: { ...services, preset, environment } });
    return must(command);
  };
  const source = 'profile:ops';
  for (const [preset, answers, region, expected] of [
    [{ source, region: 'eu-west-1' }, { region: 'eu-west-2' }, 'eu-west-3', 'eu-west-1'],
    [{ source }, { region: 'eu-west-2' }, 'eu-west-3', 'eu-west-2'],
    [{ source }, {}, 'eu-west-3', 'eu-west-3'],
    [{}, { source }, undefined, 'us-east-1'],
  ] as const) {
    const { says, shell } = commandFor(preset, answers, region);
    assert.deepEqual(shell.match(/--(profile|region) \S+/g), ['--profile ops', `--region ${expected}`]);
    assert.equal(says, 'Who am I, and in which account');
  }
  const connection = { ...connectionOf('arn:aws:iam::000000000000:user/alice'), source: 'environment' } as const;
  const preset = { source, region: 'eu-west-1' } as const;
  const [connected] = connect.commands({ facts: { connection }, answers: {}, services: { ...services, preset } });
  assert.deepEqual(connected?.shell.match(/--(profile|region) \S+/g), ['--region us-east-1']);
  const { says } = commandFor({ source: 'practice' }, {});
  assert.match(says, /\. On practice AWS, aws needs the lines that this prints: keyferry practice-aws --state w$/);
});

test('a rehearsal takes the place from the flags and answers, and its partition from the Region', async () => {
  const services = makeOfflineServices();
  const placeOf = async (preset: object, answers: Answers) => {
    const foreseen = await connect.foresee?.({ facts: {}, answers, services: { ...services, preset } });
    const { source, region, partition, principalArn, callerArn } = must(foreseen?.connection);
    assert.equal(callerArn, '', 'nobody knows the caller yet');
    return [source, region, partition, principalArn];
  };
  const rootOf = (partition: string) => `arn:${partition}:iam::000000000000:root`;
  const source = 'environment';
  assert.deepEqual(await placeOf({ source, region: 'eu-west-1' }, { region: 'us-west-2' }), [
    source,
    'eu-west-1',
    'aws',
    rootOf('aws'),
  ]);
  assert.deepEqual(await placeOf({}, { source, region: 'cn-north-1' }), [
    source,
    'cn-north-1',
    'aws-cn',
    rootOf('aws-cn'),
  ]);
  assert.deepEqual((await placeOf({ source }, {})).slice(0, 2), [source, 'us-east-1']);
});

test('a ceremony that is continued in another Region sends nothing', async (t) => {
  const ceremony = await beginImport(t);
  await ceremony.upTo('describe-key');
  const parts = { preset: { source: 'practice', region: 'eu-west-1' } } as const;
  const later = await continueImport(t, ceremony, { parts });
  const before = later.calls.length;
  const { why, state, repeats } = await problemOf(later.upTo('policy'));
  assert.equal(repeats, true, 'nobody is offered to try the same again');
  assert.equal(why, 'It was begun with practice AWS in us-east-1; now it would be practice AWS in eu-west-1.');
  assert.equal(state, 'Nothing was sent or changed.');
  assert.equal(later.calls.length, before);
});

test('where AWS cannot be reached again, every step that is done is saved', async (t) => {
  const { ceremony, proxy } = await behindProxy(t);
  const { secret, description } = await ceremony.upTo('describe-key');
  const later = await continueImport(t, ceremony, { endpoint: proxy.endpoint });
  proxy.decide(() => 'cut');
  const { what, state } = await problemOf(later.upTo('policy'));
  assert.equal(what, "Can't connect to AWS again.");
  assert.equal(state, 'Every step that is done is saved.');
  proxy.decide(() => undefined);
  const facts = await later.upTo('policy');
  assert.deepEqual([facts.secret, facts.description], [secret, description]);
});

test('STS that answers 500 is told as that, with its place, and not as one that does not answer', async (t) => {
  const { ceremony, proxy } = await behindProxy(t);
  proxy.decide((asked) => (asked === 'sts:GetCallerIdentity' ? { status: 500, body: '' } : undefined));
  const { why = '', next } = await problemOf(ceremony.upTo('connect'));
  assert.equal(why, `STS at ${proxy.endpoint} answered with status 500. AWS had a fault of its own.`);
  assert.doesNotMatch(next.join(' '), /VPC endpoint|proxy/);
});

for (const [does, fate] of [
  ['answers 500', { status: 500, body: '' }],
  ['answers with a page', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' }],
  ['cuts the connection', 'cut'],
] as const) {
  test(`IAM that ${does} ends no ceremony, and STS is not blamed`, async (t) => {
    const { ceremony, proxy } = await behindProxy(t);
    proxy.decide((asked) => (asked.startsWith('iam:') ? fate : undefined));
    assert.equal((await ceremony.upTo('connect')).connection?.unconfirmed?.is, 'unknown');
    assert.match(ceremony.receiptOf('connect'), /The ARN that a key policy can name is not known: IAM /);
  });
}

test('a service that does not answer is told with its endpoint, although AWS has said who the caller is', async (t) => {
  const practice = await practise(t);
  const { endpoint, credentials } = practice.server;
  setNetwork(t, {
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_KMS: 'http://127.0.0.1:9',
  });
  const parts = { preset: { source: 'environment', region: 'us-east-1' } } as const;
  const ceremony = await beginImport(t, { practice, parts });
  const { kind, what, why, next } = await problemOf(ceremony.upTo('connect'));
  assert.deepEqual([kind, what], ['waiting', "Can't connect to AWS."]);
  assert.match(why ?? '', /^KMS at http:\/\/127\.0\.0\.1:9 does not answer: .*\.$/);
  assert.deepEqual(next, [
    'Check the Region, the firewall and the proxy settings, then try again.',
    'See what stands in the way: keyferry doctor',
  ]);
  assert.equal(ceremony.facts.connection, undefined);
});

test('where nothing answers, the last thing to do is to let doctor look', async (t) => {
  const ceremony = await beginImport(t, { endpoint: 'http://127.0.0.1:9' });
  const { what, why = '', state, next } = await problemOf(ceremony.upTo('connect'));
  assert.deepEqual([what, state], ["Can't connect to AWS.", 'Nothing was made or changed.']);
  assert.match(why, /^STS at http:\/\/127\.0\.0\.1:9 does not answer\. ./);
  assert.ok(next.length > 1);
  assert.equal(next.at(-1), 'See what stands in the way: keyferry doctor');
});

test('where a profile cannot connect, doctor is to look at that profile', async (t) => {
  setNetwork(t, configFile(`[profile ops]\nregion = us-east-1\nendpoint_url = http://127.0.0.1:9\n${accessKeyLines}`));
  const ceremony = await beginImport(t, { parts: { preset: { source: 'profile:ops', region: 'us-east-1' } } });
  const { next } = await problemOf(ceremony.upTo('connect'));
  assert.equal(next.at(-1), 'See what stands in the way: keyferry doctor --profile ops');
});

test("endpoints that are not AWS's own are told beside the account, and practice AWS is told as that", () => {
  const connection = {
    source: 'environment',
    region: 'us-east-1',
    accountId: '111122223333',
    partition: 'aws',
    callerArn: 'arn:aws:iam::111122223333:user/alice',
    principalArn: 'arn:aws:iam::111122223333:user/alice',
  } as const;
  const endpoint = 'https://kms.corp.test';
  const told = (more: object) => connect.receipt({ connection: { ...connection, ...more } });
  const plain = 'Connected to AWS: account 111122223333, us-east-1, as user alice';
  assert.equal(told({}), plain);
  assert.equal(told({ endpoint }), `${plain} at ${endpoint}`);
  assert.equal(
    told({ endpoints: { kms: endpoint, s3: 'https://s3.corp.test' } }),
    `${plain} at ${endpoint} (KMS), https://s3.corp.test (S3)`,
  );
  assert.doesNotMatch(told({ endpoint, practice: true }), /corp/);
  assert.equal(whereabouts({ connection: { ...connection, endpoint } })?.endpoints, `at ${endpoint}`);
  assert.equal(whereabouts({ connection })?.endpoints, '');
});
