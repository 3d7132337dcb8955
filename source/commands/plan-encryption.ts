import { byteWords } from '../ceremony/byte-count.ts';
import { countPlan } from '../objects/plan.ts';
import { absoluteInput } from '../objects/walk.ts';
import type { KeyferryCeremony } from '../steps/services.ts';
import { UploadGuard } from '../steps/upload-guard.ts';
import { printableJson, printableLines } from '../terminal/printable.ts';
import { type OpeningOptions, openCeremony } from './open-ceremony.ts';

type Planned = {
  readonly folder: string;
  readonly files: readonly string[];
  readonly options: OpeningOptions & { readonly json?: boolean; readonly to?: string };
  readonly stdout: { write(text: string): unknown };
  readonly say: (line: string) => void;
};

/**
 * Says what an encryption would send: files, bytes, requests, and what is left out. Reads the disk alone, and writes nothing.
 * @returns the exit status: 0, or 2 when something that was named cannot be sent.
 */
export async function planEncryption(
  ceremony: KeyferryCeremony,
  { folder, files, options, stdout, say }: Planned,
): Promise<number> {
  const { services, close } = await openCeremony(ceremony, folder, options);
  try {
    const { include = [], exclude = [], replace = false } = options.upload ?? {};
    const choice = { include: [...include], exclude: [...exclude], replace };
    const inputs = files.map((file) => absoluteInput(file));
    const head = { bucket: '', prefix: '', keyArn: '', inputs, ...choice };
    const guard = new UploadGuard(services.recorded ?? {}, services);
    const sums = await countPlan(head, { guard, signal: new AbortController().signal });
    if (options.json === true) stdout.write(`${printableJson(JSON.stringify({ dryRun: true, ...sums }))}\n`);
    else {
      const { count, bytes, requests, leftOut } = sums;
      const left = leftOut === 0 ? '' : ` ${leftOut} left out, such as links in folders.`;
      stdout.write(
        printableLines(
          `${count === 1 ? '1 file' : `${count} files`}, ${byteWords(bytes)}, ${requests} requests.${left}\nNothing was sent.\n`,
        ),
      );
    }
    for (const why of sums.wrong) say(why);
    return sums.wrong.length === 0 ? 0 : 2;
  } finally {
    await close();
  }
}
