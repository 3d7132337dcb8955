import type { Interview, Interviewer } from '../../ceremony/interviewer.ts';
import { type Problem, ProblemError } from '../../ceremony/problem.ts';
import type { Answers, Question } from '../../ceremony/question.ts';
import type { EquivalentCommand, Progress, Step } from '../../ceremony/step.ts';
import type { Facts } from '../../steps/facts.ts';
import type { Services } from '../../steps/services.ts';
import { printableName } from '../../terminal/printable.ts';
import { problemLines } from '../problem-lines.ts';
import { answerStep } from './answer-step.ts';
import { type AnswersFinding, findingWords, type GivenAnswers } from './given-answers.ts';
import { makePassphraseFile } from './practice-passphrase.ts';
import { remarksOn, verifyAhead, verifyAnswer } from './rehearsal.ts';

/**
 * Makes an interviewer that answers the questions of a ceremony from an answers file and prints progress as plain lines.
 * As soon as AWS is connected, it checks the answers to all steps that are not done, as far as possible. Then it makes the
 * missing passphrase files that it may make. A wrong answer makes an interview fail with an error, and any problem ends the run.
 */
export function unattendedInterviewer(
  steps: readonly Step<Facts, Services>[],
  given: GivenAnswers,
  { say }: { say: (line: string) => void },
): Interviewer<Facts, Services> {
  /** The answers that were checked against AWS or the disk, as `STEP.QUESTION`. `undefined` before AWS is connected. */
  let verified: Set<string> | undefined;
  let lastLine = '';
  const sayRemarks = (question: Question, answers: Answers) => {
    for (const remark of remarksOn(question, answers)) say(`  ${remark}`);
  };
  return {
    isUnattended: true,
    async interview(step, { facts, services }): Promise<Interview> {
      if (verified === undefined && facts.connection !== undefined) {
        const ahead = await verifyAhead(steps, given, services, facts);
        for (const remark of ahead.remarks) say(`  ${remark}`);
        for (const path of ahead.toMake) say(makePassphraseFile(services.folder, path));
        verified = ahead.verified;
      }
      // The step may now ask questions that could not be foreseen. Each round checks the answer to one of them.
      for (;;) {
        const { answers, findings, questions } = answerStep(step, given, services, facts);
        // No answer is checked here before AWS is connected, or while answers have mistakes of another kind.
        const unchecked =
          verified === undefined || findings.length > 0 ? undefined : nextUnchecked(step, questions, verified);
        const found = unchecked === undefined ? findings : await verifyAnswer(step, unchecked, given, answers);
        if (found.length > 0)
          throw new ProblemError(lateProblem(step, given.path, found, step.commands({ facts, answers, services })));
        if (unchecked === undefined) {
          // Without a connection, no answer was checked ahead. So these remarks were not printed yet.
          if (verified === undefined) for (const question of questions) sayRemarks(question, answers);
          return { answers };
        }
        sayRemarks(unchecked, answers);
        verified?.add(checkedName(step, unchecked));
      }
    },
    acting: (step) => say(`${step.title} ...`),
    progress(_step, progress) {
      const line = progressLine(progress);
      if (line === undefined || line === lastLine) return;
      lastLine = line;
      say(line);
    },
    noticed: (line) => say(`+ ${line}`),
    done: (step, facts) => say(`+ ${step.receipt(facts)}`),
    async trouble(_step, problem: Problem) {
      for (const line of problemLines(problem)) say(line);
      return { action: 'stop' };
    },
  };
}

/** Gives the name under which a checked answer is kept: `STEP.QUESTION`. */
const checkedName = (step: Step<Facts, Services>, question: Question) => `${step.id}.${question.id}`;

/** Gives the first question whose answer must be checked against AWS or the disk and was not; `undefined` when there is none. */
function nextUnchecked(
  step: Step<Facts, Services>,
  questions: readonly Question[],
  checked: ReadonlySet<string>,
): Question | undefined {
  return questions.find((question) => question.verify !== undefined && !checked.has(checkedName(step, question)));
}

/**
 * Makes the problem for a mistake in an answer that the rehearsal could not find. The steps before stay done.
 * @param commands the commands of the step, with which a person can do the step by hand.
 */
function lateProblem(
  step: Step<Facts, Services>,
  path: string,
  findings: readonly AnswersFinding[],
  commands: readonly EquivalentCommand[],
): Problem {
  return {
    kind: 'fixable',
    what: `Can't go on with ${step.title}.`,
    why: findings.map((finding) => findingWords(path, finding)).join(' '),
    state: 'All earlier steps are saved.',
    next: [
      'Correct the answers, and run the same command again.',
      ...commands.map(({ says, shell }) => `${says}: ${shell}`),
    ],
  };
}

/**
 * Gives the line for a progress report. Gives `undefined` for reports that come often: each part of an upload, each second of
 * a wait.
 */
function progressLine({ label, note, state, bytes, tick }: Progress): string | undefined {
  if (tick === true) return undefined;
  if (state === 'working' && bytes !== undefined && bytes.done > 0) return undefined;
  return `  ${printableName(label)}${note === undefined ? '' : `, ${note}`}`;
}
