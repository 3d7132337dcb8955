/** A part of the program whose changes its own tests must notice. */
export type Room = {
  readonly name: string;
  /** Globs from the project's folder. */
  readonly files: string;
  /** Globs too, each a stage: the next one runs where the one before has noticed nothing. */
  readonly tests: readonly string[];
};

const materialTests = ['test/material/!(properties.slow).test.ts', 'test/material/properties.slow.test.ts'];
const diskTests = ['test/disk/*.test.ts'];
const ceremonyTests = [
  'test/ceremony/!(lock*).test.ts',
  'test/ceremony/lock.test.ts',
  'test/ceremony/lock.slow.test.ts',
];
const policyTests = ['test/aws/{key-policy,policy-lint,permission-check,needed-policy}.test.ts'];
const stepTests = ['test/steps/*.test.ts'];
/** What the steps leave is told by the ceremonies: their last pages, results and records. */
const ceremoniesTests = [
  'test/{ceremonies,record}/*.test.ts',
  'test/steps/{finish*,known-copies,check-backup*,reimport*}.test.ts',
];
const recordTests = ['test/record/*.test.ts', 'test/steps/reimport*.test.ts'];
const doctorTests = ['test/doctor/*.test.ts'];
const terminalTests = ['test/terminal/*.test.{ts,tsx}'];

/** Only tests that need no terminal and no build, so that a change is judged in seconds. */
export const rooms: readonly Room[] = [
  { name: 'material', files: 'source/material/*.ts', tests: materialTests },
  { name: 'disk', files: 'source/disk/*.ts', tests: diskTests },
  { name: 'ceremony', files: 'source/ceremony/*.ts', tests: ceremonyTests },
  { name: 'aws/key-policy', files: 'source/aws/key-policy.ts', tests: policyTests },
  { name: 'aws/policy-lint', files: 'source/aws/policy-lint.ts', tests: policyTests },
  { name: 'aws/permission-check', files: 'source/aws/permission-check.ts', tests: policyTests },
  { name: 'aws/permission-judgement', files: 'source/aws/permission-judgement.ts', tests: policyTests },
  { name: 'aws/needed-policy', files: 'source/aws/needed-policy.ts', tests: policyTests },
  { name: 'ceremonies', files: 'source/ceremonies/**/*.ts', tests: ceremoniesTests },
  { name: 'record', files: 'source/record/*.ts', tests: recordTests },
  { name: 'doctor', files: 'source/doctor/*.ts', tests: doctorTests },
  { name: 'terminal', files: 'source/terminal/*.ts', tests: terminalTests },
  { name: 'steps', files: 'source/steps/*.ts', tests: stepTests },
];
