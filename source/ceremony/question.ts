import type { Completion } from '../disk/complete-path.ts';
import type { Remedy } from './remedy.ts';
import type { SecretText } from './secret-text.ts';

/** What a person answered: a text, the value of an option, the values of several options, or a tick. Never secret. */
export type Answer = string | boolean | readonly string[];

/** The answers of one step, by question id, in the order in which they were given. */
export type Answers = Readonly<Record<string, Answer>>;

/** Why an answer cannot be taken, in one to three plain sentences; `undefined` when it can be taken. */
export type FieldProblem = string | undefined;

/** Why the chosen values of a list cannot be taken, when the right ones are known: `instead` can be taken in their place. */
export type Correction = { readonly says: string; readonly instead: readonly string[] };

/** Gives the sentence that tells a person why an answer was not taken; `undefined` when it can be taken. */
export const problemWords = (found: FieldProblem | Correction): FieldProblem =>
  typeof found === 'object' ? found.says : found;

type QuestionBase = {
  /** The name of the question in the answers file: kebab-case, and unique in its step. */
  readonly id: string;
  /** The whole question, as a sentence. */
  readonly ask: string;
  /** The title above the question, when the title of its step says too little. */
  readonly title?: string;
  /** `always`: the person must answer this question, even in a set-up that answers other questions with their defaults. */
  readonly asked?: 'always';
  /** A short noun that is shown beside the field and in receipts. */
  readonly label: string;
  /** The accepted form in words, for errors and the example answers file. */
  readonly form: string;
  /** Notes beside the field, such as consequences and explained terms. `\n` ends a line. */
  readonly help?: string;
  /** A table that the person reads before answering. */
  readonly table?: Table;
  /** Gives the text that the field shows for a typed text. Set to hide real names on the screen; the answer stays as typed. */
  readonly shown?: (text: string) => string;
  /**
   * Asks AWS or the disk whether the answer is valid; runs once, when the answer is given. For a list, it may give the right
   * answer with the problem.
   * @throws ProblemError when the check itself fails, for example without a connection.
   */
  readonly verify?: (answer: Answer) => Promise<FieldProblem | Correction>;
  /**
   * Gives what was found out about an answer that was taken. An unattended run prints it; a screen shows it in
   * the help of the next question.
   */
  readonly remarks?: (answer: Answer) => readonly string[];
  /**
   * True when the step's `act` makes the same check. An unattended run then does not call `verify`; a wrong answer becomes a
   * problem of the step.
   */
  readonly isVerifiedByAct?: true;
};

/**
 * A table of short cells. `head` names the columns. The first cell of a row names the row; the others are ticks or texts. Without
 * heads, each row is a name with one text.
 */
export type Table = { readonly head: readonly string[]; readonly rows: readonly (readonly (string | boolean)[])[] };

/** A question that may take paths of files. */
type MayTakePaths = {
  /**
   * Completes the beginning of a path, for the Tab key. A question that has this takes paths: a leading `~` in its answer
   * is the home folder.
   */
  readonly complete?: (text: string) => Completion;
};

/** One line of text. */
export type TextQuestion = QuestionBase &
  MayTakePaths & {
    readonly kind: 'text';
    readonly default?: string;
    /** Where the default comes from, when that is outside of Keyferry: `the Region of profile ops`. */
    readonly defaultFrom?: string;
    /**
     * What the field has to begin with, in place of the default. Only a person gets it, who sees it before it counts; an
     * answers file does not.
     */
    readonly offer?: string;
    /** An example of an answer, which is shown when nothing is typed yet. */
    readonly placeholder?: string;
    /** The most UTF-16 units that the field takes. `check` must refuse a longer text itself: an answers file has no field. */
    readonly longest?: number;
    /** Checks the text alone. Must be quick and change nothing, because it runs at every keystroke. */
    readonly check?: (answer: string) => FieldProblem;
    /**
     * Gives a line about the typed text, such as the date that the text means; an empty line when there is nothing to tell.
     * `undefined` while the text is unfinished: then nobody is told yet that it would be refused.
     */
    readonly notice?: (answer: string) => string | undefined;
    /** Gives the right text for a text that `check` refuses; `undefined` when no right text is sure. Quick, like `check`. */
    readonly suggest?: (answer: string) => string | undefined;
  };

/** The path of one existing file. The path is checked while the person types. */
export type FileQuestion = Omit<TextQuestion, 'kind'> & { readonly kind: 'file' };

/** An option of a list. */
export type Option = {
  readonly value: string;
  readonly label: string;
  /** A few words beside the label: "recommended", "as in the video". */
  readonly hint?: string;
  /** Why the option cannot be chosen. It stays visible, with this reason. */
  readonly disabled?: string;
  /** Set when choosing the option gives no answer but leads elsewhere. Only interactive interfaces offer such an option. */
  readonly leads?: Lead;
};

/** Where an option leads that gives no answer: to a page of text, to a remedy, or to a question of a later step. */
export type Lead = { readonly action: 'panel'; readonly panel: PanelContent } | Remedy | AskAhead;

/** Asks a question of a later step now. Its answer is in the journal from then on, and counts when that step comes. */
export type AskAhead = { readonly action: 'ask-ahead'; readonly step: string; readonly question: string };

/** A page of read-only text that a person can open over a step. */
export type PanelContent = { readonly title: string; readonly lines: readonly string[] };

/** All options, or a function that loads them page by page while the person reads. */
export type Options = readonly Option[] | (() => AsyncIterable<readonly Option[]>);

/** The person chooses one of several options. */
export type ChoiceQuestion = QuestionBase & {
  readonly kind: 'choice';
  readonly options: Options;
  /** The value of the recommended option: the cursor begins there, and an answers file may leave this answer out. */
  readonly default?: string;
  /** Checks an answer without the list, because the list may load later. It may also say more than that no option fits. */
  readonly check?: (answer: string) => FieldProblem;
  /** A sentence that the person must tick each time before the option with the value `before` can be chosen. */
  readonly tick?: { readonly ask: string; readonly before: string };
};

/** The person chooses several of several options. The list filters while the person types. */
export type ManyQuestion = QuestionBase &
  MayTakePaths & {
    readonly kind: 'many';
    readonly options: Options;
    readonly default?: readonly string[];
    /** Set when a person may type a value that is not in the list. It names the kind of value, such as "ARN". */
    readonly typed?: string;
    /** Where the options come from, such as `the folder /home/me`. An empty list names the place. */
    readonly looksIn?: string;
    /** Checks one value. */
    readonly check?: (answer: string) => FieldProblem;
    /** Says what the chosen values come to, such as `3 files, 1.2 MB`. An interface asks it after each change. */
    readonly tally?: (chosen: readonly string[], signal: AbortSignal) => Promise<string>;
    /** The least number of values that must be chosen. */
    readonly least: number;
  };

/** The person sets a tick or leaves it unset. */
export type ConfirmQuestion = QuestionBase & {
  readonly kind: 'confirm';
  /** Absent when only the person may set the tick. */
  readonly default?: boolean;
  /** True when the ceremony does not continue without the tick. */
  readonly mustTick?: boolean;
};

/** The person types exactly this phrase, to confirm something dangerous. */
export type PhraseQuestion = QuestionBase & {
  readonly kind: 'phrase';
  readonly phrase: string;
  /** Phrases of earlier versions, which answers files may still hold. */
  readonly formerly?: readonly string[];
  /** The answer of a person who declines, by pressing Enter on an empty field. */
  readonly decline: string;
};

/** A phrase that a problem asks for, to confirm what was found while the step acted: see `Problem.ask`. */
export type ProblemPhrase = PhraseQuestion & {
  /** Notes for the rest of this run that the person has typed the phrase. */
  readonly confirm: () => void;
};

/**
 * A text that is never shown or written down, such as a passphrase. An interface checks the text and hands it to `keep`; the
 * answer is only the word {@link given}. An answers file names a file that holds the text; its key is the id with `-file`.
 */
export type SecretQuestion = QuestionBase & {
  readonly kind: 'secret';
  readonly check?: (text: SecretText) => FieldProblem;
  /** Gives a line about the text typed so far, such as how strong it is. */
  readonly notice?: (text: SecretText) => string | undefined;
  /** Copies the text and holds the copy for this run. The interface destroys its own text afterwards. */
  readonly keep: (text: SecretText) => void;
  /** The id of the question whose text must be typed again. In an unattended run the same text answers both. */
  readonly repeats?: string;
  /** True when Keyferry may make the secret's file when it is missing: only for practice, where the secret protects nothing. */
  readonly mayBeMade?: boolean;
  /** The id of another step whose question has the same id. In an answers file, its answer counts for this question too. */
  readonly answeredIn?: string;
};

/** The only answer to a secret question. It tells that the person gave the text, and not which text. */
export const given = 'given';

export type Question =
  | TextQuestion
  | FileQuestion
  | ChoiceQuestion
  | ManyQuestion
  | ConfirmQuestion
  | PhraseQuestion
  | SecretQuestion;
