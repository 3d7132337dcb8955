import type { ClosingPage } from '../ceremony/conclusion.ts';
import type { Interview, Interviewer } from '../ceremony/interviewer.ts';
import { type Problem, ProblemError } from '../ceremony/problem.ts';
import type { Answers, FieldProblem, Option, Options, PanelContent, Question } from '../ceremony/question.ts';
import type { EquivalentCommand, Step, StepContext } from '../ceremony/step.ts';
import type { Redact } from '../terminal/redaction.ts';
import type { Screen } from './screen.ts';

/** Stand-ins do not run, and a page of commands says so. */
const standInNote = 'With stand-ins, as --redact is on. ';

/**
 * Wraps a screen so that it shows invented accounts, ARNs, names and addresses. Answers, files and calls keep the real values:
 * only the text that a person reads is changed, before it is laid out.
 * @param note what a page of commands says first.
 */
export function redactedScreen<Services>(
  screen: Screen<Services>,
  redact: Redact,
  note = standInNote,
): Screen<Services> {
  return {
    interviewer: redactedInterviewer(screen.interviewer, redact, note),
    ask: (question) => screen.ask(redactedQuestion(question, redact)),
    closing: (page) => screen.closing(redactedPage(page, redact)),
    close: (lastWords = []) => screen.close(lastWords.map(redact)),
  };
}

/** As {@link redactedScreen}, for an interviewer alone. */
function redactedInterviewer<Facts, Services>(
  inner: Interviewer<Facts, Services>,
  redact: Redact,
  note: string,
): Interviewer<Facts, Services> {
  const shown = <Value>(value: Value): Value => redactedData(value, redact);
  const { lend } = inner;
  return {
    ...(lend === undefined ? {} : { lend: (what: string) => lend(redact(what)) }),
    async interview(step, { facts, services }, given) {
      // From here on the redaction knows the name of the caller.
      const veiled = redactedStep(step, { facts, services }, redact, note);
      const interview = await inner.interview(veiled, { facts: shown(facts), services }, given);
      return realPhrases(interview, (answers) => step.questions({ facts, services, answers }), redact);
    },
    acting: (step, context) =>
      inner.acting(redactedStep(step, context, redact, note), { ...context, facts: shown(context.facts) }),
    progress: (step, { label, note, ...progress }) =>
      inner.progress(step, {
        ...progress,
        label: redact(label),
        ...(note === undefined ? {} : { note: redact(note) }),
      }),
    noticed: (line) => inner.noticed(redact(line)),
    done: (step, facts) => inner.done({ ...step, receipt: () => redact(step.receipt(facts)) }, shown(facts)),
    trouble: (step, problem) => inner.trouble(step, redactedProblem(problem, redact)),
  };
}

/** The step as it may be shown; it goes on working with the real facts. */
function redactedStep<Facts, Services>(
  step: Step<Facts, Services>,
  { facts, services }: Omit<StepContext<Facts, Services>, 'answers'>,
  redact: Redact,
  note: string,
): Step<Facts, Services> {
  return {
    ...step,
    questions: ({ answers }) =>
      step.questions({ facts, services, answers }).map((question) => redactedQuestion(question, redact)),
    commands: ({ answers }) => redactedCommands(step.commands({ facts, services, answers }), redact, note),
  };
}

function redactedCommands(
  commands: readonly EquivalentCommand[],
  redact: Redact,
  note: string,
): readonly EquivalentCommand[] {
  return commands.map((command, index) => ({
    ...command,
    says: `${index === 0 ? note : ''}${redact(command.says)}`,
    shell: redact(command.shell),
  }));
}

function redactedQuestion<Kind extends Question>(question: Kind, redact: Redact): Kind {
  const { ask, form, help, table, verify } = question;
  const veiled: Question = {
    ...question,
    ask: redact(ask),
    form: redact(form),
    ...(help === undefined ? {} : { help: redact(help) }),
    ...(table === undefined ? {} : { table: redactedData(table, redact) }),
    ...(verify === undefined ? {} : { verify: (answer) => redactedCheck(verify(answer), redact) }),
    shown: redact,
  };
  switch (veiled.kind) {
    case 'text':
    case 'file': {
      const { check, notice } = veiled;
      return {
        ...veiled,
        ...(check === undefined ? {} : { check: (text: string) => redactedProblemText(check(text), redact) }),
        ...(notice === undefined ? {} : { notice: (text: string) => redactedProblemText(notice(text), redact) }),
      } as Kind;
    }
    case 'choice':
    case 'many':
      return { ...veiled, options: redactedOptions(veiled.options, redact) } as Kind;
    case 'phrase':
      // What is shown is what is typed; it is turned back behind the screen.
      return { ...veiled, phrase: redact(veiled.phrase) } as Kind;
    case 'confirm':
    case 'secret':
      return veiled as Kind;
  }
}

async function redactedCheck(check: Promise<FieldProblem>, redact: Redact): Promise<FieldProblem> {
  try {
    return redactedProblemText(await check, redact);
  } catch (error) {
    throw error instanceof ProblemError ? new ProblemError(redactedProblem(error.problem, redact)) : error;
  }
}

const redactedProblemText = (problem: FieldProblem, redact: Redact) =>
  problem === undefined ? undefined : redact(problem);

function redactedOptions(options: Options, redact: Redact): Options {
  const each = (option: Option): Option => {
    // The value is often an ARN, from which the name in the label is known.
    redact(option.value);
    const { label, hint, disabled, leads } = option;
    return {
      ...option,
      label: redact(label),
      ...(hint === undefined ? {} : { hint: redact(hint) }),
      ...(disabled === undefined ? {} : { disabled: redact(disabled) }),
      ...(leads?.action === 'panel' ? { leads: { ...leads, panel: redactedPanel(leads.panel, redact) } } : {}),
    };
  };
  if (typeof options !== 'function') return options.map(each);
  return async function* () {
    for await (const page of options()) yield page.map(each);
  };
}

const redactedPanel = ({ title, lines }: PanelContent, redact: Redact): PanelContent => ({
  title: redact(title),
  lines: lines.map(redact),
});

function redactedProblem(problem: Problem, redact: Redact): Problem {
  const { what, why, state, next, requestId, remedies } = problem;
  return {
    ...problem,
    what: redact(what),
    ...(why === undefined ? {} : { why: redact(why) }),
    ...(state === undefined ? {} : { state: redact(state) }),
    next: next.map(redact),
    ...(requestId === undefined ? {} : { requestId: redact(requestId) }),
    ...(remedies === undefined ? {} : { remedies: remedies.map((way) => ({ ...way, label: redact(way.label) })) }),
  };
}

function redactedPage({ title, lines, ways = [] }: ClosingPage, redact: Redact): ClosingPage {
  return {
    title,
    lines: lines.map(redact),
    ways: ways.map((way) => ({
      ...way,
      act: () => {
        const result = way.act();
        return typeof result === 'string' ? redact(result) : redactedPanel(result, redact);
      },
    })),
  };
}

/** The phrase that was typed as it was shown, as the step knows it. */
function realPhrases(
  interview: Interview,
  questions: (answers: Answers) => readonly Question[],
  redact: Redact,
): Interview {
  if (interview === 'back' || 'reopen' in interview) return interview;
  const answers = { ...interview.answers };
  for (const question of questions(interview.answers))
    if (question.kind === 'phrase' && answers[question.id] === redact(question.phrase))
      answers[question.id] = question.phrase;
  return { answers };
}

/** Plain data with every text in it redacted. */
function redactedData<Value>(value: Value, redact: Redact): Value {
  if (typeof value === 'string') return redact(value) as Value;
  if (Array.isArray(value)) return value.map((item) => redactedData(item, redact)) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactedData(item, redact)])) as Value;
}
