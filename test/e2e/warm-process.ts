/*
 * Runs the built program again and again in one process, as `warm-program.ts` asks. Node then has the program loaded and
 * compiled, so that a run takes a quarter of the time.
 */
import { readFileSync } from 'node:fs';
import type { Run } from './warm-program.ts';

const [, , launcher = '', mark = ''] = process.argv;
/** The launcher imports the program of its build: `./HASH/cli.js`. */
const [, build = ''] = /import\("\.\/([^"]+)"\)/.exec(readFileSync(launcher, 'utf8')) ?? [];
const entry = new URL(build, `file://${launcher}`).href;
let runs = 0;

// Each run adds its listeners, and no run is told of too many.
for (const emitter of [process, process.stdout, process.stderr]) emitter.setMaxListeners(0);
process.on('disconnect', () => process.exit());
process.on('message', async ({ args, cwd, env }: Run) => {
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  process.argv = [process.execPath, launcher, ...args];
  process.exitCode = undefined;
  runs += 1;
  // Another query makes Node run the entry again. What the entry imports stays loaded.
  await import(`${entry}?${runs}`);
  const status = process.exitCode ?? 0;
  process.exitCode = undefined;
  for (const stream of [process.stdout, process.stderr]) stream.write(mark);
  process.send?.({ status, mostMiB: process.resourceUsage().maxRSS / 1024 });
});
