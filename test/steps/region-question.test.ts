import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect } from '../../source/steps/connect.ts';
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
