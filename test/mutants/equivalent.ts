import type { Mutant } from './mutant.ts';

/** A change that no test can notice, because nobody could. */
type Equivalent = {
  readonly file: string;
  /** The line on which it begins, without its indentation: line numbers move. */
  readonly line: string;
  readonly kind: string;
  readonly because: string;
};

const equivalents: readonly Equivalent[] = [];

/** Why a change makes no difference, where that is known. */
export function whyEquivalent(mutant: Mutant): string | undefined {
  const line = lineOf(mutant);
  return equivalents.find((one) => one.file === mutant.file && one.kind === mutant.kind && one.line === line)?.because;
}

function lineOf({ source, start }: Mutant): string {
  const from = source.lastIndexOf('\n', start - 1) + 1;
  const end = source.indexOf('\n', start);
  return source.slice(from, end === -1 ? undefined : end).trim();
}
