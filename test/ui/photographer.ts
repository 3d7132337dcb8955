import type { Ceremony } from '../../source/ceremony/ceremony.ts';
import type { ClosingPage } from '../../source/ceremony/conclusion.ts';
import { checkAnswer, lastAnswered, pendingQuestion, takeSecret } from '../../source/ceremony/interview.ts';
import type { Decision, Interview, Interviewer } from '../../source/ceremony/interviewer.ts';
import type { Problem } from '../../source/ceremony/problem.ts';
import { type Answer, type Answers, given, type Option, type Question } from '../../source/ceremony/question.ts';
import type { SecretText } from '../../source/ceremony/secret-text.ts';
import type { Progress, Step, StepContext } from '../../source/ceremony/step.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { editOf } from '../../source/ui/ink/fields/editing.ts';
import { kindOf, openField } from '../../source/ui/ink/fields/kinds.ts';
import { whereabouts } from '../../source/ui/ink/interviewer.ts';
import type { Journey } from '../../source/ui/ink/journey.ts';
import { beginning, type JourneyEvent, reduceJourney } from '../../source/ui/ink/journey-events.ts';
import { togglePage } from '../../source/ui/ink/panels/paging.ts';
import type { Saved } from '../../source/ui/stop-words.ts';
import { waysOn } from '../../source/ui/ways-on.ts';
import { passphrase } from '../passphrase.ts';
import { typedText } from '../typed-text.ts';

/** How often a step is tried again. */
const mostTroubles = 2;

/** A state of the screen under a name. */
export type Picture = { readonly name: string; readonly journey: Journey };

type Trip<Services> = {
  readonly ceremony: Ceremony<Facts, Services>;
  /** What is typed where a question has no default, by step and question. */
  readonly examples: Readonly<Record<string, Answer>>;
  /** What stopping now would leave. */
  readonly savedNow: () => Saved;
  /** Called before a step acts. `earlier` is how often it has acted before. */
  readonly beforeActing: (step: string, earlier: number) => void;
};

/**
 * An interviewer that answers everything with its default and keeps a picture of each screen that a person could come to
 * on the way: every question behind every option, in each of its states.
 */
export class Photographer<Services> implements Interviewer<Facts, Services> {
  readonly pictures: Picture[] = [];
  readonly #trip: Trip<Services>;
  readonly #seen = new Set<string>();
  readonly #tries = new Map<string, number>();
  readonly #troubles = new Map<string, number>();
  #journey: Journey = beginning;

  constructor(trip: Trip<Services>) {
    this.#trip = trip;
  }

  async interview(
    step: Step<Facts, Services>,
    context: Omit<StepContext<Facts, Services>, 'answers'>,
    { canGoBack }: { canGoBack: boolean },
  ): Promise<Interview> {
    this.#enter(step, context.facts);
    const answers = await this.#explore(step, context, {}, canGoBack);
    const tries = this.#tries.get(step.id) ?? 0;
    this.#trip.beforeActing(step.id, tries);
    this.#tries.set(step.id, tries + 1);
    return { answers };
  }

  acting(step: Step<Facts, Services>, { facts, answers, services }: StepContext<Facts, Services>): void {
    this.#enter(step, facts);
    this.#go({
      type: 'staged',
      stage: { phase: 'acting', lines: [], since: 0 },
      commands: () => step.commands({ facts, answers, services }),
    });
  }

  noticed(line: string): void {
    this.#go({ type: 'kept', receipts: [line] });
  }

  progress(step: Step<Facts, Services>, progress: Progress): void {
    const { bytes, ...line } = progress;
    this.#go({ type: 'progressed', progress: line });
    if (bytes === undefined) return;
    const half = { ...progress, bytes: { done: 2_788_000_000, total: 4_100_000_000 } };
    this.#take(`${step.id}, bytes`, reduceJourney(this.#journey, { type: 'progressed', progress: half }));
  }

  done(step: Step<Facts, Services>, facts: Facts): void {
    const { stage } = this.#journey;
    if (stage.phase === 'acting' && stage.lines.length > 0) {
      this.#take(`${step.id}, at work`);
      this.#takePages(step.id, this.#journey);
      const saved = this.#trip.savedNow();
      if (step.lasting || saved === 'all but the key')
        this.#take('stop while at work', reduceJourney(this.#journey, { type: 'stopping', saved }));
    }
    this.#go({ type: 'kept', receipts: [step.receipt(facts)] });
  }

  async trouble(step: Step<Facts, Services>, problem: Problem): Promise<Decision> {
    const troubles = (this.#troubles.get(step.id) ?? 0) + 1;
    this.#troubles.set(step.id, troubles);
    this.#enter(step, {});
    const saved = this.#trip.savedNow();
    this.#go({
      type: 'staged',
      stage: { phase: 'problem', problem, rowValue: waysOn(problem, saved)[0]?.value, saved },
    });
    this.#take(troubles === 1 ? `${step.id}, problem` : `${step.id}, problem ${troubles}`);
    return troubles > mostTroubles ? { action: 'stop' } : { action: 'retry', label: 'Try again' };
  }

  /** A question that belongs to no step, or one of a step that its usual way does not meet. */
  ask(name: string, question: Question, stepId?: string): void {
    const { steps } = this.#trip.ceremony;
    const step = steps.find(({ id }) => id === stepId);
    this.#go({ type: 'entered', step, stepIndex: step === undefined ? 0 : steps.indexOf(step) });
    const back = step === undefined ? undefined : 'question';
    this.#go({ type: 'staged', stage: asking(question, { isFirst: false, back }), commands: () => [] });
    this.#take(name);
  }

  closing(page: ClosingPage): void {
    this.#go({ type: 'entered', step: undefined, stepIndex: this.#trip.ceremony.steps.length });
    this.#go({ type: 'staged', stage: { phase: 'closing', ...page }, commands: () => [] });
    this.#take('closing');
  }

  /** Goes through all questions that the step's answers lead to; gives the answers of the usual way. */
  async #explore(
    step: Step<Facts, Services>,
    context: Omit<StepContext<Facts, Services>, 'answers'>,
    answers: Answers,
    canGoBack: boolean,
  ): Promise<Answers> {
    const questions = step.questions({ ...context, answers });
    const question = pendingQuestion(questions, answers);
    if (question === undefined) return answers;
    const name = `${step.id}/${question.id}`;
    const back = lastAnswered(questions, answers) !== undefined ? 'question' : canGoBack ? 'step' : undefined;
    if (!this.#seen.has(name)) {
      this.#seen.add(name);
      const stage = asking(question, { isFirst: question === questions[0], back });
      const commands = () =>
        step.commands({ ...context, answers: { ...answers, [question.id]: kindOf(stage.field).answer(stage.field) } });
      this.#go({ type: 'staged', stage, commands });
      await this.#takeQuestion(name, question);
      if (stage.isFirst) this.#takePages(step.id, this.#journey);
    }
    const usual = this.#trip.examples[name] ?? usualAnswer(question);
    for (const other of otherAnswers(question, usual))
      await this.#explore(step, context, { ...answers, [question.id]: other }, canGoBack);
    return this.#explore(step, context, { ...answers, [question.id]: usual }, canGoBack);
  }

  /** A question as it opens, with its list, with something typed, and refusing what cannot be taken. */
  async #takeQuestion(name: string, question: Question): Promise<void> {
    const opened = this.#journey;
    const after = (...events: JourneyEvent[]) => events.reduce(reduceJourney, opened);
    const refused = (problem: string | undefined, journey = opened) =>
      problem !== undefined && this.#take(`${name}, refused`, reduceJourney(journey, { type: 'refused', problem }));
    if ((question.kind === 'choice' || question.kind === 'many') && typeof question.options === 'function') {
      this.#take(`${name}, reading the list`);
      const why = 'AccessDenied';
      this.#take(`${name}, no list`, after({ type: 'listed', list: { options: [], state: 'refused', why } }));
      const options: Option[] = [];
      for await (const page of question.options()) options.push(...page);
      this.#go({ type: 'listed', list: { options, state: 'complete' } });
    }
    this.#take(name);
    const { stage } = this.#journey;
    if (stage.phase !== 'asking') return;
    if (question.kind === 'text' || question.kind === 'file') {
      const typed = (text: string): JourneyEvent => {
        const field = { kind: 'text', question, edit: editOf(text) } as const;
        return { type: 'filled', field, notice: question.notice?.(text) };
      };
      const example = this.#trip.examples[name];
      if (typeof example === 'string') this.#take(`${name}, typed`, after(typed(example)));
      refused(checkAnswer(question, 'a!'), after(typed('a!')));
    } else if (question.kind === 'secret') {
      const typed = (secret: SecretText): JourneyEvent => {
        return { type: 'filled', field: { kind: 'secret', question, secret }, notice: question.notice?.(secret) };
      };
      this.#take(`${name}, typed`, after(typed(typedText(passphrase))));
      const short = typedText('short');
      refused(question.check?.(short), after(typed(short)));
    } else if (question.kind === 'confirm') {
      refused(kindOf(stage.field).act(stage.field, { type: 'accept' }, 1000).problem);
    } else if (question.kind === 'many') {
      let filtered = this.#journey;
      for (const action of [
        { type: 'insert', text: 's' },
        { type: 'insert', text: 'e' },
      ] as const) {
        const now = filtered.stage;
        const field = now.phase === 'asking' ? kindOf(now.field).act(now.field, action, 0).field : undefined;
        if (field !== undefined) filtered = reduceJourney(filtered, { type: 'filled', field, notice: undefined });
      }
      this.#take(`${name}, filtered`, filtered);
    } else if (question.kind === 'choice' && typeof question.options !== 'function') {
      const cannot = question.options.find(({ disabled }) => disabled !== undefined);
      if (cannot !== undefined) {
        const at = reduceJourney(this.#journey, { type: 'pointed', rowValue: cannot.value });
        refused(checkAnswer(question, cannot.value), at);
      }
      for (const { leads, value } of question.options)
        if (leads?.action === 'panel')
          this.#take(
            `${name}, ${value}`,
            after({ type: 'panel', panel: { kind: 'text', top: 0, content: leads.panel } }),
          );
    }
    if (question.verify !== undefined) this.#take('checking an answer', after({ type: 'verifying' }));
    this.#take('stop', after({ type: 'stopping', saved: this.#trip.savedNow() }));
  }

  #takePages(step: string, journey: Journey): void {
    const open = (kind: 'why' | 'tutorial' | 'keys' | 'commands') =>
      reduceJourney(journey, togglePage(journey, kind, false));
    this.#take(`${step}, why`, open('why'));
    if (journey.step?.lesson !== undefined) this.#take(`${step}, tutorial`, open('tutorial'));
    if (step === 'connect') this.#take('connect, keys', open('keys'));
    if (journey.commands().length > 0) this.#take(`${step}, commands`, open('commands'));
  }

  #enter(step: Step<Facts, Services>, facts: Facts): void {
    const stepIndex = this.#trip.ceremony.steps.indexOf(step);
    this.#go({ type: 'entered', step, stepIndex, where: whereabouts(facts) });
  }

  #go(event: JourneyEvent): JourneyEvent {
    this.#journey = reduceJourney(this.#journey, event);
    return event;
  }

  /** Only the first picture of a name is kept. */
  #take(name: string, journey = this.#journey): void {
    if (!this.pictures.some((picture) => picture.name === name)) this.pictures.push({ name, journey });
  }
}

function asking(question: Question, { isFirst, back }: { isFirst: boolean; back: 'question' | 'step' | undefined }) {
  const field = openField(question, undefined, 0);
  const noticed = field.kind === 'text' && (question.kind === 'text' || question.kind === 'file');
  const notice = noticed ? question.notice?.(field.edit.text) : undefined;
  return { phase: 'asking', field, since: 0, isFirst, back, notice, isVerifying: false } as const;
}

function usualAnswer(question: Question): Answer {
  switch (question.kind) {
    case 'choice':
      return question.default ?? (typeof question.options === 'function' ? '' : (question.options[0]?.value ?? ''));
    case 'many':
      return question.default ?? [];
    case 'confirm':
      return question.mustTick === true || question.default === true;
    case 'phrase':
      return question.decline;
    case 'secret':
      takeSecret(question, typedText(passphrase));
      return given;
    default:
      return question.default ?? '';
  }
}

/** The answers that may lead to other questions. */
function otherAnswers(question: Question, usual: Answer): readonly Answer[] {
  if (question.kind !== 'choice' || typeof question.options === 'function') return [];
  return question.options
    .filter(({ value, leads, disabled }) => value !== usual && leads === undefined && disabled === undefined)
    .map(({ value }) => value);
}
