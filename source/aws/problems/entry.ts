import type { Problem } from '../../ceremony/problem.ts';

/** What an error tells a person, wherever it was met. */
export type Help = {
  readonly kind: Problem['kind'];
  /** What it means, in one or two sentences: all that a screen has room for. */
  readonly why: string;
  /** One to three things to do, the most likely first. */
  readonly next: readonly string[];
  /** Likely causes, the most likely first, for a person who works by hand. */
  readonly causes?: readonly string[];
  /** Shell commands that show which of the causes it is; words in capitals are placeholders. */
  readonly look?: readonly string[];
  /** Shell commands that do by hand what `next` says. */
  readonly commands?: readonly string[];
};

/** A sharper reading, where AWS's own sentence or the operation tells more than the code. */
export type Refinement = Partial<Help> & {
  /** Tried on AWS's message. */
  readonly says?: RegExp;
  /** Tried on the operation's name, such as `ImportKeyMaterial`. */
  readonly in?: RegExp;
};

/** A row of the table of errors. */
export type KnownError = Help & {
  /** Codes as services, SDKs and Node spell them. `Exception` at the end and `KMS.` at the start need not be repeated. */
  readonly names: readonly string[];
  /** What tools print that give no code. */
  readonly phrases?: readonly RegExp[];
  /** The first that fits is used. */
  readonly readings?: readonly Refinement[];
};
