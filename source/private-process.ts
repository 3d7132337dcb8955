import { writeFileSync } from 'node:fs';

/**
 * Keeps the memory and the environment of this process out of files that stay after it, as far as Node can. Only the owner may
 * open the files that the process makes. Node writes no diagnostic report by itself, and a report that code asks for has no
 * environment variables in it.
 *
 * On Linux, a core dump then has no memory in it (core(5), coredump_filter). On other systems, and for the swap, Node has no
 * function: code in Node cannot call setrlimit(RLIMIT_CORE), prctl(PR_SET_DUMPABLE) or mlock. The readme says what a person can
 * do.
 */
export function keepProcessPrivate(): void {
  process.umask(0o077);
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
