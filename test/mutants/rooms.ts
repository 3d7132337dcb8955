/** A part of the program whose changes its own tests must notice. */
export type Room = {
  readonly name: string;
  /** Globs from the project's folder. */
  readonly files: string;
  readonly tests: readonly string[];
};

const materialTests = 'test/material/*.test.ts';
const ceremonyTests = 'test/ceremony/*.test.ts';
const awsTests = 'test/aws/*.test.ts';
const stepTests = 'test/steps/*.test.ts';

/** Only tests that need no terminal, no build and no second process, so that a change is judged in seconds. */
export const rooms: readonly Room[] = [
  { name: 'material', files: 'source/material/*.ts', tests: [materialTests, stepTests] },
  { name: 'ceremony', files: 'source/ceremony/*.ts', tests: [ceremonyTests, stepTests] },
  { name: 'aws/key-policy', files: 'source/aws/key-policy.ts', tests: [awsTests, stepTests] },
  { name: 'aws/lock-out', files: 'source/aws/lock-out.ts', tests: [awsTests, stepTests] },
  { name: 'aws/preflight', files: 'source/aws/preflight.ts', tests: [awsTests, stepTests] },
  { name: 'aws/needed-policy', files: 'source/aws/needed-policy.ts', tests: [awsTests, stepTests] },
  { name: 'steps', files: 'source/steps/*.ts', tests: [stepTests] },
];
