import type { Problem } from '../../ceremony/problem.ts';

/** The help for an error. It is the same in a step and for a pasted error. */
export type Help = {
  readonly kind: Problem['kind'];
  /** What the error means, in one or two sentences. A screen has no room for more. */
  readonly why: string;
  /** One to three things to do, the most likely first. */
  readonly next: readonly string[];
  /** Likely causes, the most likely first, for a person who works by hand. */
  readonly causes?: readonly string[];
  /** Shell commands that show which cause is the right one. Words in capital letters are placeholders. */
  readonly look?: readonly string[];
  /** Shell commands with which a person does by hand what `next` says. */
  readonly commands?: readonly string[];
  /** Who said it, when that is not AWS, such as `The emulator`. */
  readonly speaker?: string;
};

/**
 * More exact help for one case of an error. Its members replace those of the entry when both patterns match. When it has a `why`,
 * it takes over nothing of the entry but `kind` and `next`.
 */
export type Refinement = Partial<Help> & {
  /** Matches AWS's message; when absent, any message fits. A message without a code is recognised by it as well. */
  readonly says?: RegExp;
  /** True when the words of `says` are too common to be recognised without the code. */
  readonly onlyWithCode?: true;
  /** Matches the operation's name, such as `ImportKeyMaterial`; when absent, any operation fits. */
  readonly in?: RegExp;
};

/** A row of the table of errors. */
export type KnownError = Help & {
  /** Error codes of services, SDKs and Node. `NotFoundException` also finds `NotFound` and `KMS.NotFoundException`. */
  readonly names: readonly string[];
  /** Patterns for the output of tools that print a sentence without a code. */
  readonly phrases?: readonly RegExp[];
  /** True when programs put this code around errors of others: then what the rest of the text says counts first. */
  readonly isWrapper?: true;
  /** More exact help for some cases. The first that matches is used. */
  readonly readings?: readonly Refinement[];
};
