import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { makeFolders } from './disk/private-folder.ts';
import { findExposures, keepProcessPrivate } from './private-process.ts';

keepProcessPrivate();
cacheCompiledCode();
ignoreClosedPipes();
for (const exposure of findExposures()) process.stderr.write(`keyferry: ${exposure}\n`);
process.exitCode = process.argv.length === 2 ? await openAssistant() : await runCommand();

/** Loads the library that parses argv, and runs the command in argv. */
async function runCommand(): Promise<number> {
  const { runCommandLine } = await import('./commands/command-line.ts');
  return runCommandLine(process.argv);
}

/** Opens the assistant without loading the library that parses argv, because the most common start has no arguments. */
async function openAssistant(): Promise<number> {
  try {
    const { assistant } = await import('./commands/assistant.ts');
    return await assistant({});
  } catch (error) {
    const { tellFailure } = await import('./commands/failure.ts');
    return tellFailure(error);
  }
}

/** Ignores EPIPE, so that a ceremony goes on when a program that reads its output, such as head(1), ends before it. */
function ignoreClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
}

/**
 * Lets Node keep the compiled program, so that each later start needs half the time until the first frame. The cache is in the
 * person's own cache folder. Node's default is below /tmp, where other people could put code that this program would run. A
 * relative XDG_CACHE_HOME is ignored, as the XDG Base Directory Specification says: others could put code there too.
 */
function cacheCompiledCode(): void {
  try {
    const { XDG_CACHE_HOME: given = '' } = process.env;
    const folder = join(isAbsolute(given) ? given : join(homedir(), '.cache'), 'keyferry');
    // An empty HOME gives no home folder.
    if (!isAbsolute(folder)) return;
    makeFolders(folder);
    enableCompileCache(folder);
  } catch {
    // Without a cache folder that can be written, the program only starts more slowly.
  }
}
