import { byteWords } from '../ceremony/byte-count.ts';
import type { Answers } from '../ceremony/question.ts';
import { everyFile } from '../objects/file-pattern.ts';
import { countPlan, type PlanTotals } from '../objects/plan.ts';
import { inputsOf, prefixOf, uploadChoiceOf } from './chosen-files.ts';
import type { Services } from './services.ts';
import type { UploadGuard } from './upload-guard.ts';

/** Counts the files that are sent by these answers. Asks AWS nothing. */
export function countFiles(
  guard: UploadGuard,
  answers: Answers,
  services: Services,
  signal?: AbortSignal,
): Promise<PlanTotals> {
  const { include, exclude } = uploadChoiceOf(answers, services) ?? everyFile;
  return countPlan({ inputs: inputsOf(answers), prefix: prefixOf(answers), include, exclude }, guard, signal);
}

/** Says how many files and bytes an upload has: `3 files, 1.2 MB`. */
export const sizeWords = ({ count, bytes }: PlanTotals): string =>
  `${count === 1 ? '1 file' : `${count} files`}, ${byteWords(bytes)}`;

/** Says how many files, bytes and requests an upload is, and how much of the folders is left out. */
export function totalsWords(totals: PlanTotals): string {
  const { requests, leftOut } = totals;
  const leftOutWords = leftOut === 0 ? '' : ` ${leftOut} left out, such as links in folders.`;
  return `${sizeWords(totals)}, ${requests === 1 ? '1 request' : `${requests} requests`}.${leftOutWords}`;
}
