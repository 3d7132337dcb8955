import { writeFileSync } from 'node:fs';

/**
 * Keeps what this process holds out of files that would outlive it, as far as Node allows. Files that it makes are for
 * their owner alone. Node writes no diagnostic report by itself, and one that code asks for leaves the environment out.
 *
 * On Linux a core dump then holds no memory (core(5), coredump_filter). Elsewhere, and for the swap, Node has no call for it:
 * neither setrlimit(RLIMIT_CORE) nor prctl(PR_SET_DUMPABLE) nor mlock can be reached, so the readme says what to do.
 */
export function keepProcessPrivate(): void {
  process.umask(0o077);
  const { report } = process;
  report.reportOnFatalError = false;
  report.reportOnSignal = false;
  report.reportOnUncaughtException = false;
  // Since Node 22.14 and 23.3.
  if ('excludeEnv' in report) report.excludeEnv = true;
  if (process.platform !== 'linux') return;
  try {
    writeFileSync('/proc/self/coredump_filter', '0');
  } catch {
    // Without /proc, as in some containers, it stays as the shell set it.
  }
}
