import { globSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { seed } from '../seed.ts';
import { whyEquivalent } from './equivalent.ts';
import { ProjectCopy, type Verdict } from './judge.ts';
import { describeMutant, type Mutant, mutantsIn, readListed, sampleOf } from './mutant.ts';
import { rooms } from './rooms.ts';

/*
 * npm run test:mutants [-- --room NAME]... [--sample N] [--workers N] [--list FILE] [--only TEXT]
 *
 * Changes one place at a time in a copy of the project and looks whether the tests notice. A sample of each room is drawn by
 * SEED, which is printed; --only takes those changes alone whose description has a text. With --list, the changes are those of
 * a JSON file. The status is 1 where a room or the list has fewer than 85 per cent of its changes noticed.
 */

const leastScore = 85;

type Task = { readonly mutant: Mutant; readonly stages: readonly (readonly string[])[] };

const { values } = parseArgs({
  options: {
    room: { type: 'string', multiple: true },
    sample: { type: 'string', default: '40' },
    workers: { type: 'string', default: '1' },
    list: { type: 'string' },
    only: { type: 'string', default: '' },
  },
});

// The copies go, and what runs in them ends.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

if (values.list === undefined) await judgeRooms();
else {
  const tasks = readListed(values.list).map(({ mutant, tests }) => ({ mutant, stages: tests.map(expand) }));
  tell(values.list, tasks, await judgeAll(tasks));
}

async function judgeRooms(): Promise<void> {
  console.log(`At most ${values.sample} changes a room`);
  for (const { name, files, tests } of rooms) {
    if (values.room !== undefined && !values.room.includes(name)) continue;
    const all = mutantsIn(expand(files));
    const unlike = all.filter((mutant) => whyEquivalent(mutant) === undefined);
    const mutants = sampleOf(unlike, Number(values.sample), seed).filter((one) =>
      describeMutant(one).includes(values.only),
    );
    console.log(`${name}: ${all.length} changes, ${all.length - unlike.length} of them known to make no difference`);
    const stages = tests.map(expand);
    const tasks = mutants.map((mutant) => ({ mutant, stages }));
    if (tasks.length > 0) tell(name, tasks, await judgeAll(tasks));
  }
}

function tell(name: string, tasks: readonly Task[], verdicts: readonly Verdict[]): void {
  const survivors = tasks.filter((_, index) => verdicts[index]?.noticedBy === undefined);
  const score = Math.round((100 * (tasks.length - survivors.length)) / tasks.length);
  if (score < leastScore) process.exitCode = 1;
  console.log(`${name}: ${tasks.length - survivors.length} of ${tasks.length} noticed, ${score} per cent`);
  for (const { mutant } of survivors) console.log(`  survived: ${describeMutant(mutant)}`);
}

/** Each worker has a copy of the project. */
async function judgeAll(tasks: readonly Task[]): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  let next = 0;
  const work = async () => {
    const copy = new ProjectCopy();
    try {
      if (values.list === undefined) await copy.checkUnchanged(tasks[0]?.stages.flat() ?? []);
      for (let at = next++; at < tasks.length; at = next++) {
        const { mutant, stages } = tasks[at] as Task;
        const verdict = await copy.judge(mutant, stages);
        verdicts[at] = verdict;
        console.log(`  ${at + 1} ${describeMutant(mutant)}\n    ${verdict.noticedBy ?? 'SURVIVED'}`);
      }
    } finally {
      copy.remove();
    }
  };
  await Promise.all(Array.from({ length: Number(values.workers) }, work));
  return verdicts;
}

function expand(glob: string): readonly string[] {
  return globSync(glob).sort();
}
