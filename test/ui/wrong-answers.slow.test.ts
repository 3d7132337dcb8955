import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ceremonies } from '../../source/ceremonies/all.ts';
import { checkAnswer } from '../../source/ceremony/interview.ts';
import { ProblemError } from '../../source/ceremony/problem.ts';
import type { Answer, Question } from '../../source/ceremony/question.ts';
import { bringBack } from '../../source/steps/bring-back.ts';
import type { Facts } from '../../source/steps/facts.ts';
import type { KeyferryStep, Services } from '../../source/steps/services.ts';
import { answerStep } from '../../source/ui/unattended/answer-step.ts';
import { verifiedRefusalsOf } from '../../source/ui/unattended/refusals.ts';
import { givenAnswers } from '../given-answers.ts';
import { newFolder } from '../new-folder.ts';
import { beginImport } from '../steps/ceremony.ts';

/* What an answers file is told of wrong answers, at every question of every ceremony: no sentence says a thing twice. */

const passphrase = 'winter lamp orbit saddle';
const files = newFolder();
writeFileSync(join(files, 'text.key'), randomBytes(32).toString('hex'), { mode: 0o644 });
writeFileSync(join(files, 'weak.txt'), 'password1\n', { mode: 0o600 });
writeFileSync(join(files, 'open.txt'), passphrase, { mode: 0o644 });

/** Answers that lead to every question of a step. */
const ways: Readonly<Record<string, readonly Record<string, Answer>[]>> = {
  'secret-key': [
    { origin: 'file', file: join(files, 'text.key') },
    { origin: 'elsewhere', keeper: 'HSM', 'check-value': '08D7B4' },
  ],
  policy: [{ proceed: 'look', bucket: 'some-bucket' }],
  'key-policy': [{ proceed: 'look', bucket: 'some-bucket' }],
  'describe-key': [{ alias: 'alias/other', acknowledge: true }],
  backup: [{ how: 'passphrase' }, { how: 'recipients', recipients: ['age1'] }, { how: 'none' }],
  permissions: [{ users: ['111122223333'] }, { policy: 'strict' }],
  wrap: [{ by: 'me' }],
  import: [{ expiry: 'date' }],
  prove: [{ by: 'user' }],
  'encrypt-objects': [{ where: 'existing', bucket: 'some-bucket', what: 'files' }, { where: 'new' }],
  finish: [{ 'plain-key': 'destroy' }],
  'bring-back': [{ expiry: 'date', 'valid-to': '90d' }],
  'import-wrapped': [{ expiry: 'date', 'valid-to': '90d' }],
  'change-expiry': [{ expiry: 'date', 'valid-to': '90d' }],
};

const furtherPassphrases = (step: string) =>
  bringBack.asks.filter((name) => /^passphrase-\d+-file$/.test(name)).map((name) => `${step}.${name}`);

/** What only a key that was lost, a key of others or another way of backing up brings up: questions that other steps ask too. */
const ofLostKey = [
  ...['wrap.passphrase-file', 'wrap.identity', 'import.compare', 'import.passphrase-file', 'import.identity'],
  'import.without-copy',
];
/** Whether the backup stays is asked only after the person has gone back; whether to move an alias, where another key has it. */
const askedOnlyNow = [
  'describe-key.move-alias',
  'backup.kept',
  // Whether to try it all the same is asked only where permissions are missing.
  'policy.despite-missing-permissions',
  // After a lost answer, where a key that may not be looked at may be the one that was made.
  'policy.unseen-keys',
  ...ofLostKey,
  'backup.kept',
  ...ofLostKey,
  ...['find-key.key', ...furtherPassphrases('bring-back'), 'bring-back.identity'],
  // Which material the wrapped file holds is asked only where a key has several.
  ...['find-key.key', 'wrap.passphrase-file', 'wrap.identity', 'import-wrapped.material'],
  // Whether to shorten is asked only for a date that is sooner than the present one.
  ...['find-key.key', 'change-expiry.shorten'],
  ...[...furtherPassphrases('change-expiry'), 'change-expiry.identity'],
  ...['re-import.identity', 'compare.identity', 'find-key.key'],
];

const wrong: readonly Answer[] = [
  ...[
    '',
    'x',
    'x y/z',
    'alias/aws/x',
    'x'.repeat(300),
    'x'.repeat(9000),
    '2085-01-01',
    '2001-01-01',
    'no-such-bucket-here',
  ],
  ...[
    'arn:aws:sts::000000000000:assumed-role/Admin/you',
    files,
    join(files, 'text.key'),
    'RSA_AES_KEY_WRAP_SHA_256 RSA_4096',
  ],
  ...[join(files, 'weak.txt'), join(files, 'open.txt'), join(files, 'absent')],
  ...[
    true,
    false,
    [],
    ['x'],
    ['x', 'y'],
    ['arn:aws:iam::000000000000:role/Nobody', 'arn:aws-cn:iam::111122223333:role/x'],
  ],
  ...[
    [join(files, 'absent'), join(files, 'absent too')],
    ['AGE-SECRET-KEY-1X', 'ssh-rsa', 'age1x'],
  ],
];

const nameOf = (question: Question) => (question.kind === 'secret' ? `${question.id}-file` : question.id);

/** Runs of four words that stand in a text more than once. */
function repeatedIn(text: string): readonly string[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .map((word) => word.replaceAll(/^[("']+|[)."',;:]+$/g, ''));
  const runs = words.slice(3).map((_, at) => words.slice(at, at + 4).join(' '));
  return runs.filter((run, at) => runs.indexOf(run) !== at);
}

/** What is said of wrong answers at the questions of a step, and which questions those were. */
async function saidAt(step: KeyferryStep, facts: Facts, services: Services) {
  const said = new Set<string>();
  const asked = new Set<string>();
  for (const way of ways[step.id] ?? [{}]) {
    const { questions } = answerStep(step, givenAnswers({ [step.id]: way }), services, facts);
    for (const question of questions) {
      asked.add(nameOf(question));
      if (question.kind === 'text' && question.placeholder !== undefined)
        assert.equal(question.check?.(question.placeholder), undefined, 'an example is an answer that is taken');
      const { [nameOf(question)]: _, ...without } = way;
      const findings = [without, ...wrong.map((answer) => ({ ...way, [nameOf(question)]: answer }))].flatMap(
        (answers) => answerStep(step, givenAnswers({ [step.id]: answers }), services, facts).findings,
      );
      for (const { says } of findings) said.add(says);
      for (const answer of wrong) for (const says of await verified(question, answer)) said.add(says);
    }
  }
  return { said: [...said], asked };
}

/** What is said of an answer that passes for right until AWS is asked. */
async function verified(question: Question, answer: Answer): Promise<readonly string[]> {
  if (question.kind === 'secret' || checkAnswer(question, answer) !== undefined) return [];
  try {
    return (await verifiedRefusalsOf(question, answer)).map(({ says }) => says);
  } catch (error) {
    // What stands in the way is no matter of the answer.
    if (error instanceof ProblemError) return [];
    throw error;
  }
}

test('the words repeat themselves where a sentence is said again in other words', () => {
  assert.deepEqual(
    repeatedIn(
      'A Region looks like us-east-1 or eu-central-1. It takes a Region, such as us-east-1 or eu-central-1 here.',
    ),
    [],
  );
  assert.deepEqual(repeatedIn('Type the path of a file. It takes the path of a file.'), [
    'the path of a',
    'path of a file',
  ]);
});

async function finished(t: TestContext) {
  const answers = {
    'secret-key': { keep: 'file' },
    backup: { how: 'passphrase', passphrase, 'passphrase-again': passphrase },
  };
  const ceremony = await beginImport(t, { answers });
  const facts = await ceremony.upTo();
  return { facts, services: ceremony.services };
}

test('no wrong answer in an answers file is told the same thing twice', async (t) => {
  const made = await finished(t);
  const unasked: string[] = [];
  const preset = { backup: made.services.folder.file('my-first-key.key.age') };
  for (const ceremony of ceremonies) {
    const services = { ...made.services, preset, ...(ceremony.id === 'first-import' ? {} : { recorded: made.facts }) };
    let facts: Facts = made.facts;
    for (const step of ceremony.steps) {
      const { said, asked } = await saidAt(step, facts, services);
      facts = { ...step.foresee?.({ facts, answers: {}, services }), ...facts };
      for (const says of said) assert.deepEqual(repeatedIn(says), [], says);
      for (const says of said) assert.doesNotMatch(says, /It takes .*It takes|^backup\..*AGE-SECRET-KEY-1X/);
      unasked.push(...step.asks.filter((name) => !asked.has(name)).map((name) => `${step.id}.${name}`));
    }
  }
  assert.deepEqual(unasked, askedOnlyNow);
});
