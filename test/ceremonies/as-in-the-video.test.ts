import assert from 'node:assert/strict';
import { test } from 'node:test';
import { choiceOfArticle, followArticle } from '../../source/ceremonies/first-import/as-in-the-video.ts';
import { firstImport, firstImportAsInTheVideo } from '../../source/ceremonies/first-import/first-import.ts';
import { guidedFirstImport } from '../../source/ceremonies/first-import/guided.ts';
import type { Question } from '../../source/ceremony/question.ts';
import type { Facts } from '../../source/steps/facts.ts';
import type { KeyferryStep, Services } from '../../source/steps/services.ts';
import { symbolsFor } from '../../source/terminal/symbols.ts';
import { headerLines } from '../../source/ui/ink/header.ts';
import { beginning } from '../../source/ui/ink/journey-events.ts';
import { layOut } from '../../source/ui/ink/layout.ts';
import { videoWords } from '../../source/ui/lesson-lines.ts';
import { bareStep } from '../bare-step.ts';
import { makeServices } from '../services.ts';
import { RunningCeremony } from '../steps/ceremony.ts';
import { textQuestion } from '../text-question.ts';
import { textOf } from '../ui/text-of.ts';

test('as in the video, what the article chooses is the default, unless it cannot be chosen here', async (t) => {
  const { services } = await makeServices(t);
  const step = firstImportAsInTheVideo.steps.find(({ id }) => id === 'secret-key');
  const asked = () => step?.questions({ facts: {}, answers: {}, services })[0] as Question & { default?: string };
  assert.deepEqual([asked().ask, asked().default], ['Generate the Secret Key', 'generate']);
  services.folder.make();
  services.folder.write('plain_text_aes_key.bin', Buffer.alloc(32, 7));
  assert.equal(asked().default, 'file');
});

test('as in the video, a question keeps its help below what is better today', async (t) => {
  const { services } = await makeServices(t);
  const wrapOf = ({ steps }: Pick<typeof firstImport, 'steps'>) =>
    steps.find(({ id }) => id === 'wrapping-key')?.questions({ facts: {}, answers: {}, services })[0];
  const [now, then] = [wrapOf(firstImport), wrapOf(firstImportAsInTheVideo)];
  assert.ok(now?.help !== undefined);
  assert.equal(then?.help, `Today: RSAES_OAEP_SHA_256 with RSA_4096, as the console recommends.\n${now.help}`);
});

test('as in the video, the option that its picture shows is marked, and the date of the picture is told', async (t) => {
  const running = new RunningCeremony(await makeServices(t), guidedFirstImport, { 'set-up': { kind: 'video' } });
  await running.upTo('wrap');
  const { services, facts } = running;
  const step = guidedFirstImport.steps.find(({ id }) => id === 'import');
  const [expiry] = step?.questions({ facts, answers: {}, services }).slice(-1) ?? [];
  assert.ok(expiry?.kind === 'choice' && typeof expiry.options !== 'function');
  assert.deepEqual(
    expiry.options.map(({ value, hint }) => [value, hint]),
    [
      ['never', 'recommended'],
      ['date', 'as in the video'],
    ],
  );
  assert.match(expiry.help ?? '', /^In the picture: Key material expires at 2016\/12\/01 11:59 UTC\.$/m);
});

const questionOf = (id: string, more: object = {}) => ({ ...textQuestion(id), ...more }) as Question;

/** The questions of a step as somebody is asked them who follows the article. */
const followed = (id: string, questions: readonly Question[]) =>
  followArticle(bareStep<Facts, Services>(id, { questions: () => questions }) as KeyferryStep).questions({
    facts: {},
    answers: {},
    services: {} as Services,
  }) as readonly (Question & Record<string, unknown>)[];

test('as in the video, the questions of a step have the order of the article, and only there', () => {
  const ids = ['administrators-may-delete', 'administrators', 'new', 'users', 'policy'];
  const questions = ids.map((id) => questionOf(id));
  const idsOf = (step: string) => followed(step, questions).map(({ id }) => id);
  assert.deepEqual(idsOf('permissions'), ['new', 'policy', 'users', 'administrators', 'administrators-may-delete']);
  assert.deepEqual(idsOf('finish'), ids);
});

test('as in the video, an option is marked once, options that load later stay, and one that is refused is no default', () => {
  const asked = (options: unknown, kind = 'choice') =>
    followed('wrap', [questionOf('by', { kind, options }), questionOf('other')]);
  const me = { value: 'me', label: 'I', hint: 'by hand' };
  const keyferry = { value: 'keyferry', label: 'Keyferry' };
  const refused = { ...keyferry, disabled: 'no' };
  const [by, other] = asked([me, refused]);
  assert.deepEqual(by?.options, [{ ...me, hint: 'by hand, as in the video' }, refused]);
  assert.ok(by !== undefined && !('default' in by), 'it cannot be chosen');
  assert.deepEqual(other, questionOf('other'));
  const marked = [{ ...me, hint: 'as in the article' }, keyferry];
  assert.deepEqual([asked(marked)[0]?.options, asked(marked)[0]?.default], [marked, 'keyferry']);
  // That another option cannot be chosen is no matter.
  assert.equal(asked([{ ...me, disabled: 'no' }, keyferry])[0]?.default, 'keyferry');
  // Where the picture shows nothing else, the option is marked that the article chooses.
  const keep = {
    kind: 'choice',
    options: [
      { value: 'file', label: 'In a file' },
      { value: 'memory', label: 'No' },
    ],
  };
  const [kept] = followed('secret-key', [questionOf('keep', keep)]);
  assert.deepEqual(kept?.options, [{ value: 'file', label: 'In a file', hint: 'as in the video' }, keep.options[1]]);
  const options = ['existing', 'new', 'files', 'sample'].map((value) => ({ value, label: value }));
  const where = followed(
    'encrypt-objects',
    ['where', 'what'].map((id) => questionOf(id, { kind: 'choice', options })),
  );
  const markedIn = (question: Question | undefined) =>
    question?.kind === 'choice' && typeof question.options !== 'function'
      ? question.options.flatMap(({ value, hint }) => (hint === 'as in the video' ? [value] : []))
      : [];
  assert.deepEqual(where.map(markedIn), [['existing'], ['files']]);
  const load = async function* () {};
  assert.deepEqual([asked(load)[0]?.options, asked(load)[0]?.default], [load, 'keyferry']);
  assert.equal(asked(undefined, 'text')[0]?.default, 'keyferry');
  assert.throws(() => choiceOfArticle('wrap', 'other'), /^Error: The article chooses nothing at wrap\.other\.$/);
  assert.equal(choiceOfArticle('wrap', 'by'), 'keyferry');
  assert.equal(choiceOfArticle('wrapping-key', 'wrapping'), 'RSAES_OAEP_SHA_1 RSA_2048');
  assert.match(firstImportAsInTheVideo.example ?? '', /^ {2}wrapping: RSAES_OAEP_SHA_1 RSA_2048 +# as in the video$/m);
  assert.match(firstImport.example ?? '', /^ {2}wrapping: RSAES_OAEP_SHA_256 RSA_4096$/m);
});

test('as in the video, header and screen say so, and where in the video one is', async () => {
  const step = guidedFirstImport.steps.find(({ id }) => id === 'wrap');
  assert.equal(videoWords(step?.lesson), 'Video: After the zip file was unpacked.');
  const where = { alias: '', region: 'us-east-1', account: '000000000000', who: 'role/SecurityAdmin', endpoints: '' };
  const header = (asInTheVideo: boolean, columns: number) =>
    headerLines(
      { ...beginning, where: { ...where, practice: true, asInTheVideo } },
      { practice: true, steps: 13 },
      layOut({ columns, rows: 24 }, 13),
      symbolsFor({ unicode: true }),
    )
      .slice(0, 2)
      .map(textOf);
  assert.match(
    header(true, 80)[0] ?? '',
    /^ Keyferry, video +PRACTICE · us-east-1 · 000000000000 · role\/SecurityAdmin$/,
  );
  assert.match(header(true, 60)[0] ?? '', /PRACTICE · video$/);
  for (const columns of [60, 80, 100]) assert.doesNotMatch(header(false, columns).join('\n'), /video/);
});
