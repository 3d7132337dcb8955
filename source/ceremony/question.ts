import type { Remedy } from './remedy.ts';
import type { SecretText } from './secret-text.ts';

/** What a person answered: text, one of several, several of several, or a tick. Never secret. */
export type Answer = string | boolean | readonly string[];

/** The answers of one step, by question id, in the order in which they were given. */
export type Answers = Readonly<Record<string, Answer>>;

/** Why an answer cannot be taken, in one to three plain sentences, or nothing when it can. */
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
  /** Something to check before answering: the first column names, the others mark. */
  readonly table?: Table;
  /** How a text in its field is shown; the answer stays as it is. Set where a screen hides whose account it shows. */
  readonly shown?: (text: string) => string;
  /**
   * Asks AWS or the disk whether the answer is valid; runs once, when the answer is given.
   * @throws ProblemError when the check itself fails, for example without a connection.
   */
  readonly verify?: (answer: Answer) => Promise<FieldProblem>;
};

/** Rows of short cells; a mark is true or false. */
export type Table = { readonly head: readonly string[]; readonly rows: readonly (readonly (string | boolean)[])[] };

/** One line of text. */
export type TextQuestion = QuestionBase & {
  readonly kind: 'text';
  readonly default?: string;
  readonly placeholder?: string;
  /** No text of more UTF-16 units can be an answer: a field stops there. `check` still says what is too long. */
  readonly longest?: number;
  /** Looks at the text alone: quick, and free of side effects, so that it can run at every key. */
  readonly check?: (answer: string) => FieldProblem;
  /** Gives a line about the typed text, such as the date that the text means. */
  readonly notice?: (answer: string) => string | undefined;
};

/** The path of one existing file; checked as it is typed. */
export type FileQuestion = Omit<TextQuestion, 'kind'> & { readonly kind: 'file' };

/** An option of a list. */
export type Option = {
  readonly value: string;
  readonly label: string;
  /** A few words beside the label: "recommended", "as in the video". */
  readonly hint?: string;
  /** Why it cannot be chosen. Such options stay visible, quiet, with the reason. */
  readonly disabled?: string;
  /** Choosing it is not an answer but leads elsewhere; only interactive interfaces offer it. */
  readonly leads?: Lead;
};

/** Where an option leads that is not an answer. */
export type Lead = { readonly action: 'panel'; readonly panel: PanelContent } | Remedy;

/** A page of read-only text that a person can open over a step. */
export type PanelContent = { readonly title: string; readonly lines: readonly string[] };

/** Options, or pages of them that fill the list while the person reads. */
export type Options = readonly Option[] | (() => AsyncIterable<readonly Option[]>);

/** One of several. */
export type ChoiceQuestion = QuestionBase & {
  readonly kind: 'choice';
  readonly options: Options;
  /** The value of the recommended option: the cursor begins there, and an answers file may leave this answer out. */
  readonly default?: string;
  /** Looks at the answer before the list does: where no list was loaded, or to say more of an answer that is not in it. */
  readonly check?: (answer: string) => FieldProblem;
};

/** Several of several; filters as the person types. */
export type ManyQuestion = QuestionBase & {
  readonly kind: 'many';
  readonly options: Options;
  readonly default?: readonly string[];
  /** Set when a person may type a value that is not in the list; says which kind of value. */
  readonly typed?: string;
  /** Looks at one value. */
  readonly check?: (answer: string) => FieldProblem;
  /** The least number of values that must be chosen. */
  readonly least: number;
};

/** Yes or no, as a tick. */
export type ConfirmQuestion = QuestionBase & {
  readonly kind: 'confirm';
  /** Absent where the person must tick it themselves. */
  readonly default?: boolean;
  /** True where nothing goes on without the tick. */
  readonly mustTick?: boolean;
};

/** Type exactly this, to show that it is meant. */
export type PhraseQuestion = QuestionBase & {
  readonly kind: 'phrase';
  readonly phrase: string;
  /** Phrases of earlier versions, which answers files may still hold. */
  readonly formerly?: readonly string[];
  /** What declining answers; the person presses Enter on an empty field. */
  readonly decline: string;
};

/**
 * A text that is never shown or kept, such as a passphrase. An interface checks what was given and hands it to `keep`; the
 * answer is only the word {@link given}. An answers file names a file that holds the text, under the id and `-file`.
 */
export type SecretQuestion = QuestionBase & {
  readonly kind: 'secret';
  readonly check?: (text: SecretText) => FieldProblem;
  /** A line about what was typed so far, such as how strong it is. */
  readonly notice?: (text: SecretText) => string | undefined;
  /** Takes what was given, for this run alone: it copies, and the interface destroys its own. */
  readonly keep: (text: SecretText) => void;
  /** The question that it repeats, against slips of the fingers. Where nobody types, the same text answers both. */
  readonly repeats?: string;
  /** True where a file that an answers file names may be made, since nothing real hangs on what is in it. */
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
