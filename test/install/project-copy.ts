import { execFile } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { newFolder } from '../new-folder.ts';

const project = fileURLToPath(new URL('../..', import.meta.url));

/** What a checkout has, without its tests and without what was built. */
const parts = [
  'source',
  '.build',
  'media',
  '.esbuild.js',
  '.npmrc',
  'package.json',
  'package-lock.json',
  'readme.md',
  'license',
  'CHANGELOG.md',
];

/** A checkout of its own, not built yet, whose sources a test may change. It uses the packages that are installed here. */
export function copyProject(): string {
  const copy = newFolder();
  for (const part of parts) cpSync(join(project, part), join(copy, part), { recursive: true });
  symlinkSync(join(project, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

/** The same with a program of a few lines, which builds in a tenth of the time: for tests that look at no part of the program. */
export function copySmallProject(): string {
  const copy = copyProject();
  writeFileSync(join(copy, 'source/cli.ts'), "import { version } from './version.ts';\nconsole.log(version);\n");
  return copy;
}

/** The same with the program as it was built here last. */
export function copyBuiltProject(): string {
  const copy = copyProject();
  for (const part of ['cli.js', startedBuild(project)])
    cpSync(join(project, 'dist', part), join(copy, 'dist', part), { recursive: true });
  return copy;
}

/** Runs a program of npm in a folder; with the Node that runs the tests, and as if no npm and no test had started it. */
export async function runNpm(
  args: readonly string[],
  cwd: string,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('npm_') && name !== 'NODE_TEST_CONTEXT'),
  );
  const { stdout, stderr } = await promisify(execFile)('npm', [...args], { cwd, env });
  // An npm that is older than this Node, such as Debian's, brings a warning about itself.
  return { stdout, stderr: stderr.replace(/^\(node:\d+\) \[DEP0169\].*\n\(Use .*\n/m, '') };
}

/** Adds a line to a source file, so that the next build differs from this one. */
export function addLine(copy: string, file: string, line: string): void {
  const path = join(copy, file);
  writeFileSync(path, `${readFileSync(path, 'utf8')}\n${line}\n`);
}

/** The name of the build that dist/cli.js starts. */
export function startedBuild(copy: string): string {
  const name = /"\.\/([0-9a-f]{12})\/cli\.js"/.exec(readFileSync(join(copy, 'dist/cli.js'), 'utf8'))?.[1];
  if (name === undefined) throw new Error('dist/cli.js starts no build');
  return name;
}
