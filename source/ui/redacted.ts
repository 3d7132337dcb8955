import type { Interview, Interviewer } from '../ceremony/interviewer.ts';
import { ProblemError } from '../ceremony/problem.ts';
import type {
  Answers,
  Correction,
  FieldProblem,
  ManyQuestion,
  Option,
  Options,
  Question,
} from '../ceremony/question.ts';
import type { EquivalentCommand, Step, StepContext } from '../ceremony/step.ts';
import type { Redact } from '../terminal/redaction.ts';
import { redactPage, redactPanel, redactProblem } from './redacted-pages.ts';
import type { Screen } from './screen.ts';

/** Commands with stand-ins do not work. A page of commands begins with this sentence. */
const standInNote = 'With stand-ins, as --redact is on. ';

/**
 * Wraps a screen so that it shows stand-ins for accounts, ARNs, names and addresses. Only the text that a person reads is
 * changed, before it is laid out. Answers, files and calls keep the real values.
 * @param note the sentence with which a page of commands begins.
 */
export function redactScreen<Services>(screen: Screen<Services>, redact: Redact, note = standInNote): Screen<Services> {
  return {
    interviewer: redactInterviewer(screen.interviewer, redact, note),
    ask: (question, backAnswer) => screen.ask(redactQuestion(question, redact), backAnswer),
    closing: (page) => screen.closing(redactPage(page, redact)),
    close: (lastWords = []) => screen.close(lastWords.map(redact)),
  };
}

/**
 * Wraps an interviewer: it shows stand-ins for private names, and gives back the phrases that the person types with the real names.
 * @param note what is said before the commands of a step, which do not work with stand-ins.
 */
function redactInterviewer<Facts, Services>(
  inner: Interviewer<Facts, Services>,
  redact: Redact,
  note: string,
): Interviewer<Facts, Services> {
  const redactFacts = <Value>(value: Value): Value => redactData(value, redact);
  const { lend } = inner;
  return {
    ...(lend === undefined ? {} : { lend: (what: string) => lend(redact(what)) }),
    async interview(step, { facts, services }, given) {
      const redacted = redactStep(step, { facts, services }, redact, note);
      // The facts contain the name of the caller. With this call, `redact` knows it before a question is shown.
      const shownFacts = redactFacts(facts);
      const interview = await inner.interview(redacted, { facts: shownFacts, services }, given);
      return restorePhrases(interview, (answers) => step.questions({ facts, services, answers }), redact);
    },
    acting: (step, context, onEnough) =>
      inner.acting(
        redactStep(step, context, redact, note),
        { ...context, facts: redactFacts(context.facts) },
        onEnough,
      ),
    progress: (step, { label, note: progressNote, ...progress }) =>
      inner.progress(step, {
        ...progress,
        label: redact(label),
        ...(progressNote === undefined ? {} : { note: redact(progressNote) }),
      }),
    noticed: (line) => inner.noticed(redact(line)),
    done: (step, facts) => inner.done({ ...step, receipt: () => redact(step.receipt(facts)) }, redactFacts(facts)),
    trouble: (step, problem) => inner.trouble(step, redactProblem(problem, redact)),
  };
}

/**
 * Gives a copy of a step whose questions and commands are redacted. The copy ignores the facts with which it is called: the
 * questions and commands come from the real `facts`, and are redacted then.
 * @param note what is said before the first command.
 */
function redactStep<Facts, Services>(
  step: Step<Facts, Services>,
  { facts, services }: Omit<StepContext<Facts, Services>, 'answers'>,
  redact: Redact,
  note: string,
): Step<Facts, Services> {
  return {
    ...step,
    questions: ({ answers }) =>
      step.questions({ facts, services, answers }).map((question) => redactQuestion(question, redact)),
    commands: ({ answers }) => redactCommands(step.commands({ facts, services, answers }), redact, note),
  };
}

/** Redacts commands. With stand-ins the commands do not work; `note` says so before the first one. */
function redactCommands(
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

/** Gives the same question with redacted texts, options and problems. Its field shows typed texts redacted too. */
function redactQuestion<Kind extends Question>(question: Kind, redact: Redact): Kind {
  const { ask, title, form, help, table, verify } = question;
  const redacted: Question = {
    ...question,
    ask: redact(ask),
    ...(title === undefined ? {} : { title: redact(title) }),
    form: redact(form),
    ...(help === undefined ? {} : { help: redact(help) }),
    ...(table === undefined ? {} : { table: redactData(table, redact) }),
    ...(verify === undefined ? {} : { verify: (answer) => redactCheck(verify(answer), redact) }),
    shown: redact,
  };
  switch (redacted.kind) {
    case 'text':
    case 'file': {
      const { notice, complete } = redacted;
      return {
        ...redacted,
        ...redactQuickCheck(redacted, redact),
        ...(notice === undefined ? {} : { notice: (text: string) => redactProblemText(notice(text), redact) }),
        ...redactCompletion(complete, redact),
      } as Kind;
    }
    case 'choice': {
      const { tick } = redacted;
      const options = redactOptions(redacted.options, redact);
      return {
        ...redacted,
        ...redactQuickCheck(redacted, redact),
        options,
        ...(tick === undefined ? {} : { tick: { ...tick, ask: redact(tick.ask) } }),
      } as Kind;
    }
    case 'many': {
      const { looksIn, complete, tally } = redacted;
      const options = redactOptions(redacted.options, redact);
      return {
        ...redacted,
        ...redactQuickCheck(redacted, redact),
        ...(tally === undefined ? {} : { tally: (chosen, signal) => tally(chosen, signal).then(redact) }),
        options,
        ...(looksIn === undefined ? {} : { looksIn: redact(looksIn) }),
        ...redactCompletion(complete, redact),
      } as Kind;
    }
    case 'phrase':
      // The person types the phrase that is shown. `restorePhrases` turns it into the real one.
      return { ...redacted, phrase: redact(redacted.phrase) } as Kind;
    case 'confirm':
    case 'secret':
      return redacted as Kind;
  }
}

/** Redacts the names of files that Tab shows. The text that Tab types stays real; the field redacts it when it is shown. */
function redactCompletion(complete: ManyQuestion['complete'], redact: Redact): Pick<ManyQuestion, 'complete'> {
  if (complete === undefined) return {};
  return {
    complete: (text) => {
      const { text: longer, names } = complete(text);
      return { text: longer, names: names.map(redact) };
    },
  };
}

/** Redacts the sentence that the check of a question gives while the person types. */
function redactQuickCheck({ check }: Pick<ManyQuestion, 'check'>, redact: Redact): Pick<ManyQuestion, 'check'> {
  return check === undefined ? {} : { check: (text) => redactProblemText(check(text), redact) };
}

/** Redacts the sentence that a check gives, and the problem of an error that the check throws. */
async function redactCheck(
  check: Promise<FieldProblem | Correction>,
  redact: Redact,
): Promise<FieldProblem | Correction> {
  try {
    const found = await check;
    return typeof found === 'object' ? { ...found, says: redact(found.says) } : redactProblemText(found, redact);
  } catch (error) {
    throw error instanceof ProblemError ? new ProblemError(redactProblem(error.problem, redact)) : error;
  }
}

const redactProblemText = (problem: FieldProblem, redact: Redact) =>
  problem === undefined ? undefined : redact(problem);

/** Redacts the texts of options, but not their values: these are the answers. Options in pages are redacted page by page. */
function redactOptions(options: Options, redact: Redact): Options {
  const redactOption = (option: Option): Option => {
    // The value is often an ARN. From it, `redact` learns the name that is also in the label.
    redact(option.value);
    const { label, hint, disabled, leads } = option;
    return {
      ...option,
      label: redact(label),
      ...(hint === undefined ? {} : { hint: redact(hint) }),
      ...(disabled === undefined ? {} : { disabled: redact(disabled) }),
      ...(leads?.action === 'panel' ? { leads: { ...leads, panel: redactPanel(leads.panel, redact) } } : {}),
    };
  };
  if (typeof options !== 'function') return options.map(redactOption);
  return async function* () {
    for await (const page of options()) yield page.map(redactOption);
  };
}

/**
 * Gives the interview with the real phrases. The person has typed each phrase as the screen showed it, with stand-ins; the
 * step expects the real one.
 * @param questions gives the questions of the step, not redacted, for its answers.
 */
function restorePhrases(
  interview: Interview,
  questions: (answers: Answers) => readonly Question[],
  redact: Redact,
): Interview {
  if (interview === 'back' || !('answers' in interview)) return interview;
  const answers = { ...interview.answers };
  for (const question of questions(interview.answers))
    if (question.kind === 'phrase' && answers[question.id] === redact(question.phrase))
      answers[question.id] = question.phrase;
  return { answers };
}

/** Gives a copy of plain data, such as facts, in which every text is redacted. */
function redactData<Value>(value: Value, redact: Redact): Value {
  if (typeof value === 'string') return redact(value) as Value;
  if (Array.isArray(value)) return value.map((item) => redactData(item, redact)) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactData(item, redact)])) as Value;
}
