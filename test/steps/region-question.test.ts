import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Command } from 'commander';
import { checkAnswer, suggestionFor } from '../../source/ceremony/interview.ts';
import { placeOptions } from '../../source/commands/definitions/options.ts';
import { connect } from '../../source/steps/connect.ts';
import { answerStep } from '../../source/ui/unattended/answer-step.ts';
import { unattendedInterviewer } from '../../source/ui/unattended/unattended.ts';
import { makeServices } from '../services.ts';
import { beginImport } from './ceremony.ts';

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
  const given = { start: {}, drafts: {}, canGoBack: false };
  const interview = await interviewer.interview(connect, { facts: {}, services }, given);
  assert.deepEqual(interview, { answers: { source: 'practice', region: 'us-east-9' } });
  assert.match(said.join(), /Keyferry knows no Region us-east-9\./);
});
