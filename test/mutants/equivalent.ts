import type { Mutant } from './mutant.ts';

/** A change that no test can notice, because nobody could. */
type Equivalent = {
  readonly file: string;
  /** What stands there from the change on, as much of it as tells the place: line numbers move. */
  readonly text: string;
  readonly kind: string;
  readonly because: string;
};

const equivalents: readonly Equivalent[] = [
  {
    file: 'source/steps/object-upload.ts',
    text: '1) {\n      const uploaded',
    kind: 'number plus 1',
    because: 'the name of another try has to be another one, and no more',
  },
  {
    file: 'source/ceremonies/reimport/record.ts',
    text: 'facts.readable === undefined ?',
    kind: 'condition always false',
    because: 'JSON leaves out what is undefined, and the page looks for it itself',
  },
  {
    file: 'source/disk/write.ts',
    text: '0o600);\n  try {\n    fchmodSync',
    kind: 'number plus 1',
    because: 'the mode is set again before anything is written',
  },
  {
    file: 'source/ceremony/steps-of-run.ts',
    text: 'this.#kept.delete(step.id);\n    this.#renewed.delete(step.id);',
    kind: 'call left out',
    because: 'every way back to a step that is done goes through reopen, which forgets them as well',
  },
  {
    file: 'source/material/age-file.ts',
    text: "1, 'latin1');",
    kind: 'number plus 1',
    because: 'what is looked for cannot stand in the dashes that are skipped',
  },
  {
    file: 'source/aws/permission-check.ts',
    text: '100,\n',
    kind: 'number plus 1',
    because: 'there are fewer actions than either',
  },
  {
    file: 'source/aws/permission-check.ts',
    text: '6000 }',
    kind: 'number plus 1',
    because: 'nobody feels a millisecond',
  },
];

/** Why a change makes no difference, where that is known. */
export function whyEquivalent({ file, kind, source, start }: Mutant): string | undefined {
  return equivalents.find((one) => one.file === file && one.kind === kind && source.startsWith(one.text, start))
    ?.because;
}
