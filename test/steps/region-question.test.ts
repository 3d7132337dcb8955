import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from 'commander';
import type { AwsEnvironment } from '../../source/aws/environment.ts';
import { checkAnswer, suggestionFor } from '../../source/ceremony/interview.ts';
import type { ChoiceQuestion, Option } from '../../source/ceremony/question.ts';
import { placeOptions } from '../../source/commands/definitions/options.ts';
import { connect } from '../../source/steps/connect.ts';
import { connectForImport } from '../../source/steps/connect-for-import.ts';
import { regionQuestion, sourceQuestion } from '../../source/steps/connect-questions.ts';
import { answerStep } from '../../source/ui/unattended/answer-step.ts';
import { unattendedInterviewer } from '../../source/ui/unattended/unattended.ts';
import { nothingGiven } from '../bare-step.ts';
import { makeOfflineServices } from '../offline-services.ts';
import { makeServices } from '../services.ts';
import { bareContext } from './acting.ts';
import { beginImport, problemOf } from './ceremony.ts';

test('the Region that is offered is that of the environment before that of the profile, as in aws-cli', async (t) => {
  const { services } = await makeServices(t);
  const profiles = [{ name: 'ops', region: 'eu-west-1' }];
  for (const [region, offered] of [
    ['eu-central-1', 'eu-central-1'],
    [undefined, 'eu-west-1'],
  ] as const) {
    const parts = { preset: {}, environment: { ...services.environment, profiles, region } };
    const ceremony = await beginImport(t, { parts, answers: { connect: { source: 'profile:ops' } } });
    const question = ceremony.questionsOf('connect').find(({ id }) => id === 'region');
    assert.equal(question?.kind === 'text' ? question.default : undefined, offered);
  }
});

test('the offered Region says where it comes from, and is that of the first profile where the chosen one has none', () => {
  const { environment } = makeOfflineServices();
  const profiles = [{ name: 'first', region: 'eu-west-1' }, { name: 'ops', region: 'eu-west-2' }, { name: 'bare' }];
  const offered = (source: string | undefined, more: Partial<AwsEnvironment>, preset: object = {}) => {
    const services = { ...makeOfflineServices(), preset, environment: { ...environment, profiles, ...more } };
    const question = regionQuestion(services, source === undefined ? {} : { source });
    assert.ok(question.kind === 'text');
    return [question.default, question.defaultFrom];
  };
  const ofEnvironment = ['eu-west-3', 'the Region in AWS_REGION or AWS_DEFAULT_REGION'];
  for (const source of ['profile:ops', 'profile:bare', 'environment'])
    assert.deepEqual(offered(source, { region: 'eu-west-3' }), ofEnvironment);
  assert.deepEqual(offered('profile:ops', {}), ['eu-west-2', 'the Region of profile ops']);
  assert.deepEqual(offered(undefined, {}, { source: 'profile:ops' }), ['eu-west-2', 'the Region of profile ops']);
  for (const source of ['profile:bare', 'environment', undefined])
    assert.deepEqual(offered(source, {}), ['eu-west-1', 'the Region of profile first']);
  for (const none of [[], [{ name: 'bare' }]])
    assert.deepEqual(offered('environment', { profiles: none }), ['us-east-1', undefined]);
});

test('a Region is taken with spaces around it, and one that may become whole is not refused while it is typed', () => {
  const question = regionQuestion(makeOfflineServices(), {});
  assert.ok(question.kind === 'text');
  assert.equal(question.check?.(' eu-west-1 '), undefined);
  assert.match(question.check?.('eu-west') ?? '', /A Region looks like us-east-1/);
  for (const unfinished of ['', ' ', 'eu', ' eu-west- ']) assert.equal(question.notice?.(unfinished), undefined);
});

test('each source of credentials says what it is, and without any the person learns how to get some', () => {
  const { environment } = makeOfflineServices();
  const asked = (more: Partial<AwsEnvironment>) => {
    const { options, help = '' } = sourceQuestion({ ...environment, ...more }) as ChoiceQuestion;
    assert.ok(Array.isArray(options));
    const rows: readonly Option[] = options;
    return { rows: rows.map(({ value, hint }) => [value, hint]), help };
  };
  const practice = ['practice', 'no account needed'];
  const profiles = [{ name: 'ops', region: 'eu-west-1' }, { name: 'bare' }];
  const all = asked({ hasKeys: true, profiles });
  assert.deepEqual(all.rows, [
    ['environment', undefined],
    ['profile:ops', 'eu-west-1'],
    ['profile:bare', undefined],
    ['instance-role', undefined],
    practice,
  ]);
  assert.doesNotMatch(all.help, /credentials/);
  const found = ['instance-role', 'found'];
  const bare = ['profile:bare', undefined];
  assert.deepEqual(asked({ hasRole: true, profiles: [{ name: 'bare' }] }).rows, [found, bare, practice]);
  assert.deepEqual(asked({ hasRole: true }).rows, [found, practice]);
  const none = asked({});
  assert.deepEqual(none.rows, [practice, ['instance-role', undefined]]);
  assert.match(none.help, /^No AWS credentials were found here\..*\n.*aws configure, aws login or aws sso login/);
});

test('a Region of China is refused where a key of 32 bytes is brought, with a way to another one only where it was asked for', async () => {
  const services = { ...makeOfflineServices(), preset: {} };
  const questions = (step: typeof connect) => step.questions({ facts: {}, answers: {}, services });
  const [source, region] = questions(connectForImport);
  assert.deepEqual([source?.kind, source?.id], ['choice', 'source']);
  assert.ok(region?.kind === 'text');
  for (const china of ['cn-north-1', ' cn-northwest-1 '])
    assert.match(region.check?.(china) ?? '', /SM4 keys of 16 bytes/);
  assert.equal(region.check?.('eu-west-1'), undefined);
  assert.match(region.check?.('eu') ?? '', /A Region looks like/);
  const [, plain] = questions(connect);
  assert.equal(plain?.kind === 'text' ? plain.check?.('cn-north-1') : 'it is a text', undefined);
  for (const [preset, remedies] of [
    [{}, [{ action: 'ask-again', label: 'Choose another Region', question: 'region' }]],
    [{ region: 'cn-north-1' }, undefined],
  ] as const) {
    const answers = { region: 'cn-north-1' };
    const context = bareContext({ answers, services: { ...services, preset } });
    const problem = await problemOf(() => connectForImport.act(context));
    assert.deepEqual(
      [problem.kind, problem.what, problem.state, problem.repeats],
      ['fixable', "Can't bring a 256-bit key to cn-north-1.", 'Nothing was made or changed.', true],
    );
    assert.deepEqual(problem.remedies, remedies);
  }
});

test('that any Region will do is said of practice AWS alone', async (t) => {
  const { services } = await makeServices(t, { parts: { preset: {} } });
  const help = (source: string) => {
    const questions = connect.questions({ facts: {}, answers: { source }, services });
    return questions.find(({ id }) => id === 'region')?.help ?? '';
  };
  assert.match(help('practice'), /For practice, any that AWS has will do\.$/);
  assert.match(help('profile:ops'), /A key cannot move to another Region later\.$/);
});

test('a Region that Keyferry does not know is taken with a word about it', async (t) => {
  const { services } = await makeServices(t, { parts: { preset: {} } });
  const questions = connect.questions({ facts: {}, answers: { source: 'practice' }, services });
  const question = questions.find(({ id }) => id === 'region');
  assert.ok(question?.kind === 'text');
  assert.equal(checkAnswer(question, 'us-east-9'), undefined);
  const words = 'Keyferry knows no Region us-east-9. Go on only if AWS has it by now.';
  assert.equal(question.notice?.(' us-east-9 '), words);
  assert.deepEqual(question.remarks?.('us-east-9'), [words]);
  assert.equal(question.notice?.('eu-west-1'), '');
  assert.deepEqual(question.remarks?.('eu-west-1'), []);
  assert.equal(question.notice?.('us-east-'), undefined);
  // No more letters make a Region of this: it is refused while it is typed.
  assert.equal(question.notice?.('us-east-1 x'), '');
  assert.equal(suggestionFor(question, 'EU West 1'), 'eu-west-1');
});

/** What an answers file says of the Region. */
const fileWith = (region: string) => {
  const answers = new Map([
    ['source', { answer: 'practice', line: 2 }],
    ['region', { answer: region, line: 3 }],
  ]);
  return { path: 'a.yaml', steps: new Map([['connect', { line: 1, answers }]]) };
};

test('a Region of the command line may have spaces around it', () => {
  const command = placeOptions(new Command()).parse(['--region', ' eu-west-1 '], { from: 'user' });
  assert.equal(command.opts().region, 'eu-west-1');
});

test('an answers file may have spaces around a Region', async (t) => {
  const { services } = await makeServices(t, { parts: { preset: {} } });
  assert.equal(answerStep(connect, fileWith(' eu-west-1 '), services, {}).answers.region, 'eu-west-1');
});

test('a run with an answers file says that it does not know a Region, and goes on', async (t) => {
  const { services } = await makeServices(t, { parts: { preset: {} } });
  const said: string[] = [];
  const interviewer = unattendedInterviewer([connect], fileWith('us-east-9'), { say: (line) => void said.push(line) });
  const interview = await interviewer.interview(connect, { facts: {}, services }, nothingGiven);
  assert.deepEqual(interview, { answers: { source: 'practice', region: 'us-east-9' } });
  assert.match(said.join(), /Keyferry knows no Region us-east-9\./);
});
