import { writeFileSync } from 'node:fs';

/**
 * Keeps the memory and the environment of this process out of files that remain after its end, as far as Node can. Only the
 * owner may open the files that the process makes. Node writes no diagnostic report by itself, and a report that code asks for
 * has no environment variables in it. SIGUSR1 opens no debugger: Node would open one on 127.0.0.1, where any user of this
 * machine could read the key through it (Node.js documentation, "Signal events").
 *
 * On Linux, a core dump then has no memory in it (core(5), coredump_filter). On other systems, and for the swap, Node has no
 * function: code in Node cannot call setrlimit(RLIMIT_CORE), prctl(PR_SET_DUMPABLE) or mlock. The readme says what a person can
 * do.
 */
export function keepProcessPrivate(): void {
  process.umask(0o077);
  process.on('SIGUSR1', () => {});
  const { report } = process;
  report.reportOnFatalError = false;
  report.reportOnSignal = false;
  report.reportOnUncaughtException = false;
  // Node has this setting since 22.14 and 23.3.
  if ('excludeEnv' in report) report.excludeEnv = true;
  if (process.platform !== 'linux') return;
  try {
    writeFileSync('/proc/self/coredump_filter', '0');
  } catch {
    // Without /proc, as in some containers, the filter stays as the shell has set it.
  }
}

/**
 * Finds what makes this process less private, and gives a line about each: a debugger that the flag `--inspect` has opened, which
 * Keyferry cannot close; and that the user is root, which is told only at a terminal. The person sees the lines once, at the start.
 */
export function findExposures(): readonly string[] {
  const { env, execArgv, stderr } = process;
  const flags = [...execArgv, ...(env.NODE_OPTIONS ?? '').split(/\s+/)];
  return [
    ...(flags.some((flag) => /^--inspect(-brk|-wait)?(=|$)/.test(flag))
      ? ['--inspect has opened a debugger: whoever reaches it can read the key. Start again without it.']
      : []),
    ...(stderr.isTTY && process.geteuid?.() === 0 ? ['You are root. Your own user is enough.'] : []),
  ];
}
