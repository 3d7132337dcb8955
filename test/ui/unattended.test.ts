import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { CeremonyFolder } from '../../source/ceremony/folder.ts';
import { problemIn } from '../../source/ceremony/problem.ts';
import type { Answers, Question } from '../../source/ceremony/question.ts';
import { SecretText } from '../../source/ceremony/secret-text.ts';
import type { Step } from '../../source/ceremony/step.ts';
import type { Facts } from '../../source/steps/facts.ts';
import type { Services } from '../../source/steps/services.ts';
import { answerStep } from '../../source/ui/unattended/answer-step.ts';
import { AnswersError, type GivenAnswers } from '../../source/ui/unattended/given-answers.ts';
import { makePassphraseFile } from '../../source/ui/unattended/practice-passphrase.ts';
import { rehearse, verifyAhead } from '../../source/ui/unattended/rehearsal.ts';
import { secretFilesIn } from '../../source/ui/unattended/secret-file.ts';
import { unattendedInterviewer } from '../../source/ui/unattended/unattended.ts';
import { bareStep, nothingGiven } from '../bare-step.ts';
import { givenAnswers } from '../given-answers.ts';
import { connectionOf } from '../known-facts.ts';
import { newFolder } from '../new-folder.ts';
import { makeOfflineServices } from '../offline-services.ts';
import { watchSecretTexts } from './secret-texts.ts';
import { writtenAnswers } from './written-answers.ts';

const base = { ask: 'Which?', label: 'It', form: 'a word' } as const;
const text = (id: string, more: Partial<Extract<Question, { kind: 'text' }>> = {}): Question => ({
  ...base,
  kind: 'text',
  id,
  check: (typed) => (typed === 'wrong' ? 'It is wrong.' : undefined),
  ...more,
});

type AnyStep = Step<Facts, Services>;

/** A step that asks these questions. */
const stepOf = (id: string, questions: readonly Question[], more: Partial<AnyStep> = {}): AnyStep =>
  bareStep(id, {
    title: `Title of ${id}`,
    asks: questions.map(({ kind, id }) => (kind === 'secret' ? `${id}-file` : id)),
    questions: () => questions,
    receipt: () => `Receipt of ${id}`,
    ...more,
  });

/** Services with a folder and the ids of the steps that are done. */
function servicesWith(done: readonly string[] = [], folder = new CeremonyFolder(newFolder(), false)): Services {
  const made = makeOfflineServices(folder);
  for (const id of done) made.journal.state.done.set(id, {});
  return made;
}
const services = servicesWith();
const facts: Facts = { connection: connectionOf('arn:aws:iam::000000000000:user/you') };

/** What is wrong with answers, as a person reads it. */
async function toldOf(work: () => unknown): Promise<readonly string[]> {
  try {
    await work();
  } catch (error) {
    assert.ok(error instanceof AnswersError);
    return error.message.split('\n');
  }
  return [];
}

const rehearsed = (
  steps: readonly AnyStep[],
  answers: Readonly<Record<string, Answers>>,
  done: readonly string[] = [],
) => toldOf(() => rehearse(steps, givenAnswers(answers), servicesWith(done), {}));

test('all mistakes are told at once, those of a step that is done are not', async () => {
  const steps = [stepOf('one', [text('a')]), stepOf('two', [text('b'), text('c', { default: 'wrong' })])];
  assert.deepEqual(await rehearsed(steps, { two: { b: 'wrong', quite: 'x' }, too: {} }), [
    'answers.yaml:1: two.quite is not a question. Known names: b, c.',
    'answers.yaml:1: too is not a step. Did you mean two?',
    'answers.yaml: one.a is missing. It takes a word.',
    'answers.yaml:1: two.b: It is wrong.',
    'answers.yaml: two.c is not given, and its default wrong cannot be taken: It is wrong.',
  ]);
  assert.deepEqual(await rehearsed(steps, { two: { b: 'x', c: 'y' } }, ['one']), []);
});

test('a default that comes from elsewhere says from where, and a flag is called by its name', () => {
  const step = stepOf('connect', [text('region', { default: 'wrong', defaultFrom: 'the Region of profile ops' })]);
  const { findings } = answerStep(step, givenAnswers({}), services, {});
  assert.match(
    findings[0]?.says ?? '',
    /^connect\.region is not given, and its default wrong, the Region of profile ops, cannot/,
  );
  const flags = { 'connect.region': '--region' };
  const told = answerStep(step, { ...givenAnswers({ connect: { region: 'wrong' } }), flags }, services, {}).findings;
  assert.deepEqual(told, [{ line: 1, says: '--region: It is wrong.' }]);
});

test('of a list, each wrong part is told on its line, by its number where the words do not name it', async () => {
  const check = (value: string) =>
    value === 'secret' ? 'It must not be here.' : value === 'x' ? 'x is wrong.' : undefined;
  const many: Question = { ...base, kind: 'many', id: 'files', options: [], least: 1, check };
  const verify = async (answer: unknown) =>
    Array.isArray(answer) && answer.includes('gone') ? `${answer} does not exist.` : undefined;
  const inFile = writtenAnswers('one:\n  files:\n    - fine\n    - secret\n    - x\n');
  const of = (question: Question, answers: GivenAnswers) =>
    toldOf(() => verifyAhead([stepOf('one', [question])], answers, services, {}));
  assert.deepEqual(await of(many, inFile), [
    `${inFile.path}:4: one.files: Number 2: It must not be here.`,
    `${inFile.path}:5: one.files: x is wrong.`,
  ]);
  assert.deepEqual(await of(many, givenAnswers({ one: { files: ['secret'] } })), [
    'answers.yaml:1: one.files: It must not be here.',
  ]);
  assert.deepEqual(await of({ ...many, verify }, givenAnswers({ one: { files: ['a', 'gone'] } })), [
    'answers.yaml:1: one.files: gone does not exist.',
  ]);
  let checks = 0;
  const counted = async (answer: unknown) => {
    checks += 1;
    return verify(answer);
  };
  await of({ ...many, verify: counted }, givenAnswers({ one: { files: ['gone'] } }));
  assert.equal(checks, 1, 'a list of one is checked once');
  // Only all of them together are refused.
  const tooMany = async (answer: unknown) =>
    Array.isArray(answer) && answer.length > 1 ? 'These are too many.' : undefined;
  assert.deepEqual(await of({ ...many, verify: tooMany }, givenAnswers({ one: { files: ['a', 'b'] } })), [
    'answers.yaml:1: one.files: These are too many.',
  ]);
});

test('a mistyped choice is told the option that can be chosen, and none that cannot', () => {
  const options = [
    { value: 'nevr1', label: 'Gone', disabled: 'it is gone' },
    { value: 'nevr2', label: 'Page', leads: { action: 'panel', panel: { title: '', lines: [] } } as const },
    { value: 'never', label: 'Never' },
  ];
  const step = stepOf('one', [{ ...base, kind: 'choice', id: 'a', options }]);
  const { findings } = answerStep(step, givenAnswers({ one: { a: 'nevr' } }), services, {});
  assert.match(findings[0]?.says ?? '', /Did you mean never\?$/);
  const check = () => 'It is wrong.';
  const paged = async function* () {
    yield options;
  };
  const inPages = stepOf('one', [{ ...base, kind: 'choice', id: 'a', options: paged, check }]);
  assert.deepEqual(answerStep(inPages, givenAnswers({ one: { a: 'nevr' } }), services, {}).findings, [
    { line: 1, says: 'one.a: It is wrong.' },
  ]);
});

test('an answer without effect is a mistake, unless the step may leave it unasked or an earlier answer is wrong', async () => {
  const questions = ({ answers }: { readonly answers: Answers }) =>
    answers.how === 'date' ? [text('how'), text('when')] : [text('how')];
  const step = stepOf('one', [text('how'), text('when')], { questions });
  const answers = { one: { how: 'never', when: '90d' } };
  const says = 'answers.yaml:1: one.when is not asked with the other answers as they are. Remove it, or change them.';
  assert.deepEqual(await rehearsed([step], answers), [says]);
  assert.deepEqual(await rehearsed([{ ...step, mayLeaveQuestionsUnasked: ['how'] }], answers), [says]);
  assert.deepEqual(await rehearsed([{ ...step, mayLeaveQuestionsUnasked: () => false }], answers), [says]);
  for (const may of [true, ['when'], () => true])
    assert.deepEqual(await rehearsed([{ ...step, mayLeaveQuestionsUnasked: may }], answers), []);
  assert.deepEqual(await rehearsed([step], { one: { how: 'wrong', when: '90d' } }), [
    'answers.yaml:1: one.how: It is wrong.',
  ]);
  const three = stepOf('one', [text('how'), text('when'), text('note')], {
    questions: () => [text('how'), text('note')],
  });
  assert.deepEqual(await rehearsed([three], { one: { how: 'never', when: '90d', note: 'wrong' } }), [
    'answers.yaml:1: one.note: It is wrong.',
    says,
  ]);
  // Behind the first of two wrong answers, nothing is known about what is asked.
  const both = stepOf('one', [text('how'), text('when'), text('note')], {
    questions: () => [text('how'), text('note')],
  });
  assert.deepEqual(await rehearsed([both], { one: { how: 'wrong', when: '90d', note: 'wrong' } }), [
    'answers.yaml:1: one.how: It is wrong.',
    'answers.yaml:1: one.note: It is wrong.',
  ]);
  // A question that the step does not name counts as the first one.
  const unnamed = stepOf('one', [text('when'), text('note')], {
    questions: () => [text('more', { default: 'wrong' })],
  });
  assert.deepEqual(await rehearsed([unnamed], { one: { when: '90d' } }), [
    'answers.yaml: one.more is not given, and its default wrong cannot be taken: It is wrong.',
  ]);
  const secretLast = stepOf('one', [text('when'), secretQuestion().question], {
    questions: () => [secretQuestion().question],
  });
  assert.deepEqual((await rehearsed([secretLast], { one: { when: '90d', 'passphrase-file': 'none.txt' } })).slice(1), [
    says,
  ]);
  assert.deepEqual(await rehearsed([stepOf('bare', [])], { bare: { a: 'x' } }), [
    'answers.yaml:1: bare.a is not a question. This step asks nothing.',
  ]);
  assert.deepEqual(await rehearsed([{ ...step, asksInProblems: ['again'] }], { one: { how: 'x', again: 'y' } }), []);
});

test('beside mistakes of form, only mistakes that do not depend on them are told, in the order of their lines', async () => {
  const steps = [
    stepOf('one', [text('a'), text('b')]),
    stepOf('two', [text('c')]),
    stepOf('three', [text('d'), text('e', { default: 'wrong' }), secretQuestion().question]),
  ];
  const inFile = writtenAnswers('three:\n  d: wrong\n  otherwise: x\none:\n  a: wrong\ntwo:\n\tc: x\n');
  assert.deepEqual(
    (await toldOf(() => rehearse(steps, inFile, services, {}))).map((line) => line.replace(inFile.path, '')),
    [
      ':2: three.d: It is wrong.',
      ':3: three.otherwise is not a question. Known names: d, e, passphrase-file.',
      ':5: one.a: It is wrong.',
      ':7: This is not YAML: a tab cannot indent a line. Write spaces.',
      ': Whether an answer is missing can be told when the file can be read as a whole.',
    ],
  );
  assert.equal(
    (await toldOf(() => rehearse([], writtenAnswers('one:\n  a: x\ntwo:\n\tc: x\n'), services, {}))).length,
    3,
  );
  // Whether an answer has an effect may depend on the others.
  const unasked = stepOf('one', [text('a'), text('b')], { questions: () => [text('a')] });
  const both = writtenAnswers('one:\n  a: x\n  b: y\ntwo:\n\tc: x\n');
  assert.equal((await toldOf(() => rehearse([unasked, stepOf('two', [])], both, services, {}))).length, 2);
});

test('a step foresees its facts from its own answers', () => {
  const seen: unknown[] = [];
  const foresee: AnyStep['foresee'] = ({ answers }) => {
    seen.push(answers);
    return {};
  };
  rehearse(
    [stepOf('one', [text('a')], { foresee }), stepOf('two', [])],
    givenAnswers({ one: { a: 'x' } }),
    services,
    {},
  );
  assert.deepEqual(seen.at(-1), { a: 'x' });
});

test('answers from the command line are told without the path of a file', () => {
  const error = new AnswersError('', [{ line: 1, says: '--alias: It is wrong.' }, { says: '--region is missing.' }]);
  assert.equal(error.message, '--alias: It is wrong.\n--region is missing.');
});

test('facts that are established count more than those that a step would establish', () => {
  const foresee = () => ({ description: { alias: 'alias/made-up', description: '' } });
  const known: Facts = { description: { alias: 'alias/real', description: '' } };
  const seen: unknown[] = [];
  const questions = ({ facts: seenFacts }: { readonly facts: Facts }) => {
    seen.push(seenFacts.description?.alias);
    return [];
  };
  const steps = [stepOf('one', [], { foresee }), stepOf('two', [], { questions })];
  rehearse(steps, givenAnswers({}), services, {});
  rehearse(steps, givenAnswers({}), services, known);
  assert.deepEqual([...new Set(seen)], ['alias/made-up', 'alias/real']);
});

/** A question for a secret, and what it was given. */
function secretQuestion(more: Partial<Extract<Question, { kind: 'secret' }>> = {}) {
  const kept: string[] = [];
  const question: Question = {
    ...base,
    kind: 'secret',
    id: 'passphrase',
    check: (secret) => (secret.count < 4 ? 'It is too short.' : undefined),
    keep: (secret) => void kept.push(secret.use((bytes) => bytes.toString())),
    ...more,
  };
  return { question, kept };
}

test('a secret comes from a file that the answers name, also under the step that asked it first, and once', () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'pass.txt'), 'winter lamp\r\n', { mode: 0o600 });
  writeFileSync(join(folder, 'short.txt'), 'abc', { mode: 0o600 });
  const { question, kept } = secretQuestion({ answeredIn: 'backup' });
  const again = { ...question, id: 'again', repeats: 'passphrase' } as Question;
  const step = stepOf('later', [question, again], { asks: ['passphrase-file'] });
  const inFolder = servicesWith([], new CeremonyFolder(folder, false));
  const answered = (steps: Readonly<Record<string, Answers>>) => answerStep(step, givenAnswers(steps), inFolder, {});
  for (const name of ['backup', 'later']) {
    const { answers, findings } = answered({ [name]: { 'passphrase-file': 'pass.txt' } });
    const path = join(folder, 'pass.txt');
    assert.deepEqual([answers, findings], [{ passphrase: 'given', 'passphrase-file': path, again: 'given' }, []]);
  }
  assert.deepEqual(kept, ['winter lamp', 'winter lamp']);
  const told = (steps: Readonly<Record<string, Answers>>) => answered(steps).findings.map(({ says }) => says);
  // What the step itself is told counts more.
  assert.deepEqual(told({ backup: { 'passphrase-file': 'short.txt' }, later: { 'passphrase-file': 'pass.txt' } }), []);
  assert.deepEqual(told({ backup: { 'passphrase-file': 'short.txt' } }), ['backup.passphrase-file: It is too short.']);
  assert.deepEqual(told({}), [
    'later.passphrase-file is missing. It takes the path of a file that holds it, with the permissions 600.',
  ]);
  assert.match(told({ later: { 'passphrase-file': 'none.txt' } }).join(), /Keyferry looked in .*, and here\.$/);
  assert.doesNotMatch(told({ later: { 'passphrase-file': join(folder, 'none.txt') } }).join(), /looked in/);
  assert.doesNotMatch(told({ later: { 'passphrase-file': '~/no-such-file-of-a-test.txt' } }).join(), /looked in/);
  writeFileSync(join(folder, 'open.txt'), 'winter lamp', { mode: 0o644 });
  assert.deepEqual(told({ later: { 'passphrase-file': 'open.txt' } }), [
    'later.passphrase-file: Others on this computer may open this file: its permissions are 644. Make them 600.',
  ]);
  for (const [length, problems] of [
    [1024, []],
    [1025, ['later.passphrase-file: It takes at most 1024 bytes.']],
  ] as const) {
    writeFileSync(join(folder, 'long.txt'), 'x'.repeat(length), { mode: 0o600 });
    assert.deepEqual(told({ later: { 'passphrase-file': 'long.txt' } }), problems);
  }
  for (const name of ['none.txt', 'short.txt', true] as const)
    assert.equal(answered({ later: { 'passphrase-file': name } }).findings[0]?.line, 1, String(name));
  assert.equal(answered({ later: { other: 'x' } }).findings[0]?.line, 1);
});

test('a missing file of a ceremony in this folder was looked for in one place only', () => {
  const step = stepOf('one', [secretQuestion().question]);
  const here = servicesWith([], new CeremonyFolder(process.cwd(), false));
  const answers = givenAnswers({ one: { 'passphrase-file': 'no-such-file.txt' } });
  const [finding] = answerStep(step, answers, here, {}).findings;
  assert.doesNotMatch(finding?.says ?? assert.fail(), /looked in/);
});

for (const [what, content, why] of [
  ['taken', 'winter lamp', undefined],
  ['refused', 'abc', /It is too short\./],
  ['no text', 'winter\tlamp', /control character/],
] as const)
  test(`a secret from a file that is ${what} is gone from memory`, (t) => {
    const destroyed = t.mock.method(SecretText.prototype, 'destroy');
    const texts = watchSecretTexts(t);
    const folder = newFolder();
    writeFileSync(join(folder, 'pass.txt'), content, { mode: 0o600 });
    const step = stepOf('one', [secretQuestion().question]);
    const answers = givenAnswers({ one: { 'passphrase-file': 'pass.txt' } });
    const { findings } = answerStep(step, answers, servicesWith([], new CeremonyFolder(folder, false)), {});
    if (why === undefined) assert.deepEqual(findings, []);
    else assert.match(findings[0]?.says ?? '', why);
    assert.ok(destroyed.mock.callCount() > 0);
    for (const text of texts) assert.equal(text.count, 0);
  });

test('a passphrase that is made for practice is long, random and zero in memory once it is written', (t) => {
  const folder = new CeremonyFolder(newFolder(), false);
  const written = t.mock.method(folder, 'write');
  const passphrases = ['a.txt', 'b.txt'].map((name) => {
    assert.equal(makePassphraseFile(folder, folder.file(name)), `Made ${name} in ${folder.shown}: practice only.`);
    assert.equal(statSync(folder.file(name)).mode & 0o777, 0o600);
    return readFileSync(folder.file(name), 'latin1');
  });
  for (const passphrase of passphrases) assert.match(passphrase, /^[a-km-np-z2-9]{25}\n$/);
  assert.notEqual(passphrases[0], passphrases[1]);
  assert.ok(new Set(passphrases[0]).size > 5, 'one letter over and over');
  assert.match(passphrases.join(), /[s-z2-9]/, 'only half of the letters');
  for (const {
    arguments: [, bytes],
  } of written.mock.calls)
    assert.match(Buffer.from(bytes).toString('hex'), /^(?:00)+$/);
});

test('a passphrase file may be made only where the question allows it, directly in the folder, and when it is missing', () => {
  const folder = new CeremonyFolder(newFolder(), false);
  const made = (path: string, mayBeMade: boolean) =>
    answerStep(
      stepOf('one', [secretQuestion({ mayBeMade }).question]),
      givenAnswers({ one: { 'passphrase-file': path } }),
      servicesWith([], folder),
      {},
    ).toMake;
  assert.deepEqual(made('pass.txt', true), [join(folder.path, 'pass.txt')]);
  assert.deepEqual(made('pass.txt', false), []);
  assert.deepEqual(made('../pass.txt', true), []);
  assert.deepEqual(made('sub/pass.txt', true), []);
  writeFileSync(join(folder.path, 'pass.txt'), 'winter lamp', { mode: 0o600 });
  assert.deepEqual(made('pass.txt', true), []);
  writeFileSync(join(folder.path, 'open.txt'), 'winter lamp', { mode: 0o644 });
  assert.deepEqual(made('open.txt', true), [], 'it is there, but others may read it');
  writeFileSync(join(folder.path, 'tab.txt'), 'winter\tlamp', { mode: 0o600 });
  assert.deepEqual(made('tab.txt', true), [], 'it is there, but it is no passphrase');
});

test('a passphrase file may be made in a folder that is named from the current one', () => {
  const folder = new CeremonyFolder(relative(process.cwd(), newFolder()), false);
  const answers = givenAnswers({ one: { 'passphrase-file': 'pass.txt' } });
  const step = stepOf('one', [secretQuestion({ mayBeMade: true }).question]);
  assert.equal(answerStep(step, answers, servicesWith([], folder), {}).toMake.length, 1);
});

test('a text is taken without the spaces around it', () => {
  const { answers } = answerStep(stepOf('one', [text('a')]), givenAnswers({ one: { a: ' x ' } }), services, {});
  assert.deepEqual(answers, { a: 'x' });
});

test('AWS is asked ahead about each answer but those that the act itself checks, and about answers together', async () => {
  const verified: unknown[] = [];
  const verify = async (answer: unknown) => {
    verified.push(answer);
    return answer === 'taken' ? 'It is taken.' : undefined;
  };
  const remarks = () => ['A remark.'];
  const steps = [
    stepOf('one', [text('a', { verify, remarks }), text('b', { verify, isVerifiedByAct: true })]),
    stepOf('two', [text('c', { verify })], {
      findRefusal: async ({ answers }) => (answers.c === 'free' ? undefined : 'They do not go together.'),
    }),
  ];
  const ahead = (a: string, c: string) =>
    verifyAhead(steps, givenAnswers({ one: { a, b: 'taken' }, two: { c } }), services, {});
  const { verified: names, remarks: told } = await ahead('free', 'free');
  assert.deepEqual([[...names], told], [['one.a', 'one.b', 'two.c'], ['A remark.']]);
  assert.deepEqual(verified, ['free', 'free']);
  assert.deepEqual(await toldOf(() => ahead('taken', 'other')), [
    'answers.yaml:1: one.a: It is taken.',
    'answers.yaml:1: two: They do not go together.',
  ]);
});

test('a secret that AWS or the disk refuses is told by the name of the answer with its file', async () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'pass.txt'), 'winter lamp', { mode: 0o600 });
  const step = stepOf('one', [secretQuestion({ verify: async () => 'It opens nothing.' }).question]);
  const answers = givenAnswers({ one: { 'passphrase-file': 'pass.txt' } });
  const inFolder = servicesWith([], new CeremonyFolder(folder, false));
  assert.deepEqual(await toldOf(() => verifyAhead([step], answers, inFolder, {})), [
    'answers.yaml:1: one.passphrase-file: It opens nothing.',
  ]);
});

test('a missing answer to what a step asks only after a look at AWS is told before anything is made', async () => {
  let hasLooked = false;
  const verify = async () => {
    hasLooked = true;
    return undefined;
  };
  const step = stepOf('one', [text('a', { verify }), text('b')], {
    questions: () => (hasLooked ? [text('a'), text('b')] : [text('a', { verify })]),
    mayLeaveQuestionsUnasked: true,
  });
  const steps = [stepOf('zero', []), step];
  assert.deepEqual(await toldOf(() => verifyAhead(steps, givenAnswers({ one: { a: 'x' } }), services, {})), [
    'answers.yaml:1: one.b is missing. It takes a word.',
  ]);
});

test('a run says what it does, asks AWS once about each answer, and stops at a problem', async () => {
  const folder = new CeremonyFolder(newFolder(), false);
  const verified: unknown[] = [];
  const verify = async (answer: unknown) => {
    verified.push(answer);
    return undefined;
  };
  const one = stepOf('one', [text('a', { remarks: () => ['Early.'] })]);
  const two = stepOf('two', [
    text('b', { verify, remarks: () => ['Ahead.'] }),
    secretQuestion({ mayBeMade: true }).question,
  ]);
  const said: string[] = [];
  const answers = { one: { a: 'x' }, two: { b: 'y', 'passphrase-file': 'pass.txt' } };
  const interviewer = unattendedInterviewer([one, two], givenAnswers(answers), { say: (line) => void said.push(line) });
  const inFolder = servicesWith([], folder);
  assert.equal(interviewer.isUnattended, true);
  await interviewer.interview(one, { facts: {}, services: inFolder }, nothingGiven);
  assert.deepEqual([said.splice(0), verified], [['  Early.'], []]);
  inFolder.journal.state.done.set('one', {});
  for (const _ of [1, 2]) await interviewer.interview(two, { facts, services: inFolder }, nothingGiven);
  assert.deepEqual([verified, existsSync(join(folder.path, 'pass.txt'))], [['y'], true]);
  assert.match(said.splice(0).join('\n'), /^ {2}Ahead\.\nMade pass\.txt in .*: practice only\.$/);
  const progress = { id: 'a', label: 'a\u001B.tar', note: 'uploading', state: 'working' } as const;
  interviewer.acting(two, { facts, answers: {}, services });
  for (const done of [0, 10, 20])
    interviewer.progress(two, { ...progress, ...(done > 0 && { note: `${done} s` }), bytes: { done, total: 20 } });
  interviewer.progress(two, { ...progress, note: 'sent', state: 'done', bytes: { done: 20, total: 20 } });
  interviewer.progress(two, { ...progress, note: 'read back', state: 'done', bytes: { done: 20, total: 20 } });
  interviewer.progress(two, { ...progress, note: 'read back', state: 'done' });
  interviewer.progress(two, { ...progress, label: 'Waiting, 5 s', state: 'waiting', tick: true });
  interviewer.progress(two, { id: 'b', label: 'Waiting for KMS', state: 'working' });
  interviewer.noticed('A line.');
  interviewer.done(two, facts);
  const problem = { kind: 'refused', what: 'It did not work.', code: 'AccessDenied', next: ['Ask.'] } as const;
  assert.deepEqual(await interviewer.trouble(two, problem), { action: 'stop' });
  assert.deepEqual(said, [
    'Title of two ...',
    '  a<U+001B>.tar, uploading',
    '  a<U+001B>.tar, sent',
    '  a<U+001B>.tar, read back',
    '  Waiting for KMS',
    '+ A line.',
    '+ Receipt of two',
    'x It did not work.',
    '  [AccessDenied]',
    '  > Ask.',
  ]);
});

test('an answer that could not be foreseen is checked when its question comes, and what is saved by then is told', async () => {
  const verify = async () => 'It is taken.';
  const commands = () => [{ says: 'By hand', shell: 'true' }];
  let isAsked = false;
  const step = stepOf('one', [text('a', { verify })], {
    questions: () => (isAsked ? [text('a', { verify })] : []),
    commands,
    mayLeaveQuestionsUnasked: ['a'],
  });
  const interviewer = unattendedInterviewer([step], givenAnswers({ one: { a: 'x' } }), { say: () => {} });
  await interviewer.interview(step, { facts, services }, nothingGiven);
  isAsked = true;
  await assert.rejects(interviewer.interview(step, { facts, services }, nothingGiven), (error) => {
    assert.deepEqual(problemIn(error), {
      kind: 'fixable',
      what: "Can't go on with Title of one.",
      why: 'answers.yaml:1: one.a: It is taken.',
      state: 'All earlier steps are saved.',
      next: ['Correct the answers, and run the same command again.', 'By hand: true'],
    });
    return true;
  });
});

test('an answer that could not be foreseen is checked once, and what is found out about it is told once', async () => {
  const verified: unknown[] = [];
  const verify = async (answer: unknown) => {
    verified.push(answer);
    return undefined;
  };
  let isAsked = false;
  const late = text('a', { verify, remarks: () => ['Late.'] });
  const step = stepOf('one', [late, text('b')], {
    questions: () => (isAsked ? [late, text('b', { default: 'y' })] : []),
    mayLeaveQuestionsUnasked: true,
  });
  const said: string[] = [];
  const interviewer = unattendedInterviewer([step], givenAnswers({ one: { a: 'x' } }), {
    say: (line) => void said.push(line),
  });
  await interviewer.interview(step, { facts, services }, nothingGiven);
  isAsked = true;
  for (const _ of [1, 2])
    assert.deepEqual(await interviewer.interview(step, { facts, services }, nothingGiven), {
      answers: { a: 'x', b: 'y' },
    });
  assert.deepEqual([verified, said], [['x'], ['  Late.']]);
});

test('before AWS is connected no answer is checked, and a mistake in another one is told without a check', async () => {
  const verified: unknown[] = [];
  const verify = async (answer: unknown) => {
    verified.push(answer);
    return undefined;
  };
  const step = stepOf('one', [text('a', { verify })]);
  const early = unattendedInterviewer([step], givenAnswers({ one: { a: 'x' } }), { say: () => {} });
  assert.deepEqual(await early.interview(step, { facts: {}, services }, nothingGiven), { answers: { a: 'x' } });
  let isAsked = false;
  const more = stepOf('one', [text('a', { verify }), text('b')], {
    questions: () => (isAsked ? [text('a', { verify }), text('b'), text('c')] : []),
    mayLeaveQuestionsUnasked: true,
  });
  const late = unattendedInterviewer([more], givenAnswers({ one: { a: 'x' } }), { say: () => {} });
  await late.interview(more, { facts, services }, nothingGiven);
  isAsked = true;
  await assert.rejects(late.interview(more, { facts, services }, nothingGiven), (error) => {
    const why = ['b', 'c'].map((id) => `answers.yaml:1: one.${id} is missing. It takes a word.`).join(' ');
    assert.equal(problemIn(error)?.why, why);
    return true;
  });
  assert.deepEqual(verified, []);
});

test('files with secrets are found by the names of their answers', () => {
  const folder = new CeremonyFolder(newFolder(), false);
  const answers = {
    backup: { 'passphrase-file': 'a.txt', how: 'passphrase', 'identity-file': '' },
    'check-backup': { identity: 'id.txt', backups: ['b.age'], 'other-file': ['c.txt'] },
    other: { 'other-identity': 'd.txt', 'passphrase-file-name': 'e.txt', 'identity-of': 'f.txt' },
  };
  assert.deepEqual(
    secretFilesIn(givenAnswers(answers), folder),
    ['a.txt', 'id.txt'].map((name) => join(folder.path, name)),
  );
});
