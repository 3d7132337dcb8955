import { readDestination } from '../objects/object-name.ts';
import { countFiles, totalsWords } from '../steps/counted-files.ts';
import type { KeyferryCeremony } from '../steps/services.ts';
import { UploadGuard } from '../steps/upload-guard.ts';
import { printableJson, printableLines } from '../terminal/printable.ts';
import { type OpeningOptions, openCeremony } from './open-ceremony.ts';

/** What a plan is made from, and the functions that print it. */
type PlanParts = {
  readonly folder: string;
  readonly files: readonly string[];
  readonly options: OpeningOptions & { readonly json?: boolean; readonly to?: string };
  readonly stdout: { write(text: string): unknown };
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
};

/**
 * Says what an encryption would send: files, bytes, requests, and what is left out. Reads only the disk, and writes nothing.
 * @returns the exit status: 0, or 2 when something that was named cannot be sent.
 * @throws ProblemError when the encryption cannot start in this folder; the reason of the signal when that stopped the count.
 */
export async function planEncryption(
  ceremony: KeyferryCeremony,
  { folder, files, options, stdout, say, signal }: PlanParts,
): Promise<number> {
  const { services, close } = await openCeremony(ceremony, folder, options);
  try {
    // The command has checked the form of `--to`.
    const { prefix } = (options.to === undefined ? undefined : readDestination(options.to)) ?? { prefix: '' };
    const guard = new UploadGuard(services.recorded ?? {}, services);
    const totals = await countFiles(guard, { files, prefix }, services, signal);
    if (options.json === true) stdout.write(`${printableJson(JSON.stringify({ dryRun: true, ...totals }))}\n`);
    else stdout.write(printableLines(`${totalsWords(totals)}\nNothing was sent.\n`));
    for (const why of totals.leftOutWhy) say(`Left out: ${why}`);
    if (totals.leftOut > totals.leftOutWhy.length)
      say(`And ${totals.leftOut - totals.leftOutWhy.length} more are left out.`);
    for (const why of totals.wrong) say(why);
    return totals.wrong.length === 0 ? 0 : 2;
  } finally {
    await close();
  }
}
