import type { Remedy } from './remedy.ts';
import type { SecretText } from './secret-text.ts';

/** What a person answered: a text, the value of an option, the values of several options, or a tick. Never secret. */
export type Answer = string | boolean | readonly string[];

/** The answers of one step, by question id, in the order in which they were given. */
export type Answers = Readonly<Record<string, Answer>>;

/** Why an answer cannot be taken, in one to three plain sentences; `undefined` when it can. */
export type FieldProblem = string | undefined;

type QuestionBase = {
  /** Kebab-case and unique in its step: the name in the answers file. */
  readonly id: string;
  /** The whole question, as a sentence. */
  readonly ask: string;
  /** A noun, for receipts and beside the field. */
  readonly label: string;
  /** The accepted form in words, for errors and the example answers file. */
  readonly form: string;
  /** Notes beside the field: consequences, terms explained once. Lines break at `\n`. */
  readonly help?: string;
  /** A table to read before answering. The first column has names, the others have marks. */
  readonly table?: Table;
  /** Gives the form in which the field shows a typed text; the answer stays as it is. Set for a screen that hides names. */
  readonly shown?: (text: string) => string;
  /**
   * Asks AWS or the disk whether the answer is valid; runs once, when the answer is given.
   * @throws ProblemError when the check itself fails, for example without a connection.
   */
  readonly verify?: (answer: Answer) => Promise<FieldProblem>;
  /** True when `act` makes the check of `verify` too: an unattended run leaves it to that, and ends in the problem of the step. */
  readonly isVerifiedByAct?: true;
};

/** Rows of short cells. A mark is true or false. */
export type Table = { readonly head: readonly string[]; readonly rows: readonly (readonly (string | boolean)[])[] };

/** One line of text. */
export type TextQuestion = QuestionBase & {
  readonly kind: 'text';
  readonly default?: string;
  /** An example of an answer, which is shown where nothing is typed yet. */
  readonly placeholder?: string;
  /** The most UTF-16 units that the field takes. `check` still says when a text from elsewhere is too long. */
  readonly longest?: number;
  /** Checks the text alone. Must be quick and change nothing, because it runs at every keystroke. */
  readonly check?: (answer: string) => FieldProblem;
  /** Gives a line about the typed text, such as the date that the text means. */
  readonly notice?: (answer: string) => string | undefined;
};

/** The path of one existing file. It is checked while the person types. */
export type FileQuestion = Omit<TextQuestion, 'kind'> & { readonly kind: 'file' };

/** An option of a list. */
export type Option = {
  readonly value: string;
  readonly label: string;
  /** A few words beside the label: "recommended", "as in the video". */
  readonly hint?: string;
  /** Why the option cannot be chosen. It stays visible, with this reason. */
  readonly disabled?: string;
  /** Set when choosing the option is no answer but leads elsewhere. Only interactive interfaces offer it. */
  readonly leads?: Lead;
};

/** Where an option leads that is no answer: to a page of text, or to a remedy. */
export type Lead = { readonly action: 'panel'; readonly panel: PanelContent } | Remedy;

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
  /** Checks an answer before the list does: the list may load later, or `check` may say more. */
  readonly check?: (answer: string) => FieldProblem;
};

/** The person chooses several of several options. The list filters while the person types. */
export type ManyQuestion = QuestionBase & {
  readonly kind: 'many';
  readonly options: Options;
  readonly default?: readonly string[];
  /** Set when a person may type a value that is not in the list; says which kind of value. */
  readonly typed?: string;
  /** Checks one value. */
  readonly check?: (answer: string) => FieldProblem;
  /** The least number of values that must be chosen. */
  readonly least: number;
};

/** The person ticks it or not. */
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
  /** The answer of a person who declines: presses Enter on an empty field. */
  readonly decline: string;
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
  /** True when Keyferry may make the missing file that an answers file names: for practice, where the secret protects nothing. */
  readonly mayBeMade?: boolean;
  /** The step whose question of the same id an answers file may have answered already. */
  readonly answeredIn?: string;
};

/** The answer to a secret question: that it was given. */
export const given = 'given';

export type Question =
  | TextQuestion
  | FileQuestion
  | ChoiceQuestion
  | ManyQuestion
  | ConfirmQuestion
  | PhraseQuestion
  | SecretQuestion;
