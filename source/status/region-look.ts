import { eachAtOnce } from '../aws/at-once.ts';
import type { AwsClients } from '../aws/clients.ts';
import { type ExternalKeys, findExternalKeys } from '../aws/external-keys.ts';
import { explainAwsError } from '../aws/problems.ts';
import { type Problem, ProblemError } from '../ceremony/problem.ts';
import type { Progress } from '../ceremony/progress.ts';
import { makeKeyCounter } from '../steps/key-progress.ts';

/** The keys that were found in one Region, or the problem that prevented it. */
export type RegionLook = { readonly region: string } & (ExternalKeys | { readonly problem: Problem });

/** How many Regions are looked at together. Each has up to ten requests under way, and quotas of its own. */
const regionsAtOnce = 3;

/**
 * Looks at the keys of several Regions, a few Regions at once. When one Region cannot be looked at, the others
 * are still looked at.
 * @returns what was found in each Region, in the order of `regions`.
 * @throws the reason of the signal once the person stops.
 * @throws an error that is a defect of this program.
 */
export async function lookAtRegions(
  clients: Pick<AwsClients, 'kmsIn'>,
  regions: readonly string[],
  { signal, report }: { readonly signal: AbortSignal; readonly report: (progress: Progress) => void },
): Promise<readonly RegionLook[]> {
  const looks = new Map<string, RegionLook>();
  await eachAtOnce(regions, regionsAtOnce, async (region) => {
    const tell = makeKeyCounter(report, { id: `keys of ${region}`, label: `Keys of ${region}` });
    try {
      const found = await findExternalKeys(clients.kmsIn(region), region, { signal, report: tell });
      looks.set(region, { region, ...found });
    } catch (error) {
      signal.throwIfAborted();
      const problem = explainAwsError(error, { what: `Can't look at the keys of ${region}.` });
      if (problem.kind === 'ours' && !(error instanceof ProblemError)) throw error;
      looks.set(region, { region, problem });
    }
  });
  return regions.flatMap((region) => looks.get(region) ?? []);
}

/** Says in sentences what could not be read in a Region. Gives an empty list when everything was read. */
export function blindSpots(look: RegionLook): readonly string[] {
  if ('problem' in look) {
    const { what, why, code } = look.problem;
    const parts = [what, why, code === undefined ? undefined : `[${code}]`];
    return [parts.filter((part) => part !== undefined).join(' ')];
  }
  const { hidden, keys, areAliasesHidden, region } = look;
  const partlySeenCount = keys.filter(({ notRead }) => notRead?.includes('materials')).length;
  const withoutTagsCount = keys.filter(({ notRead }) => notRead?.includes('tags')).length;
  return [
    ...(hidden === 0
      ? []
      : [
          `${keyCount(hidden)} in ${region} could not be looked at: you may not describe ${itOrThem(hidden)}. Any of them may need something.`,
        ]),
    ...(partlySeenCount === 0
      ? []
      : [
          `KMS did not tell every material of ${keyCount(partlySeenCount)} in ${region} (kms:ListKeyRotations). More may be due.`,
        ]),
    ...(withoutTagsCount === 0
      ? []
      : [`Keyferry does not know who made ${keyCount(withoutTagsCount)} in ${region} (kms:ListResourceTags).`]),
    ...(areAliasesHidden ? [`The aliases of ${region} are not known: you may not list them (kms:ListAliases).`] : []),
  ];
}

/** Tells whether keys or materials of the Region could not be read, so that more may be due than is known. */
export function isPartial(look: RegionLook): boolean {
  if ('problem' in look) return true;
  return look.hidden > 0 || look.keys.some(({ notRead }) => notRead?.includes('materials'));
}

const keyCount = (count: number) => (count === 1 ? '1 key' : `${count} keys`);
const itOrThem = (count: number) => (count === 1 ? 'it' : 'them');
