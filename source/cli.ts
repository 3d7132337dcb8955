import { mkdirSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { keepProcessPrivate } from './private-process.ts';

keepProcessPrivate();
rememberCompiledCode();
outliveReaders();
process.exitCode = process.argv.length === 2 ? await openAssistant() : await runCommand();

async function runCommand(): Promise<number> {
  const { runCommandLine } = await import('./commands/command-line.ts');
  return runCommandLine(process.argv);
}

/** The most common start has nothing to read from argv, so it does not wait for the library that reads it. */
async function openAssistant(): Promise<number> {
  try {
    const { assistant } = await import('./commands/assistant.ts');
    return await assistant({});
  } catch (error) {
    const { tellFailure } = await import('./commands/failure.ts');
    return tellFailure(error);
  }
}

/**
 * The program that reads the output may end early, such as head(1). That must not end a ceremony or print a stack trace.
 */
function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
}

/**
 * Lets Node keep the compiled program, which halves the time to the first frame from the second start on. The folder is
 * the person's own: in Node's default one, below /tmp, others could leave code for a program that handles keys.
 */
function rememberCompiledCode(): void {
  try {
    const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'keyferry');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    enableCompileCache(folder);
  } catch {
    // A home that cannot be written to costs only time.
  }
}
