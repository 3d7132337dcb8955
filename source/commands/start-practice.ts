import { ProblemError } from '../ceremony/problem.ts';
import { quote } from '../ceremony/shell-word.ts';
import type { UnfitFolder } from '../disk/private-folder.ts';
import type { PracticeAws } from '../practice/server.ts';

/**
 * Starts practice AWS over a state folder, for a ceremony or a look.
 * @throws ProblemError when the folder cannot be used, for example because it is not for this user alone; any other error of the
 * start.
 */
export async function startPractice(stateFolder: string): Promise<PracticeAws> {
  const { startPracticeAws, UnfitStateFolder } = await import('../practice/server.ts');
  try {
    return await startPracticeAws({ stateFolder });
  } catch (error) {
    if (!(error instanceof UnfitStateFolder)) throw error;
    throw new ProblemError({
      kind: 'fixable',
      what: `Can't keep practice AWS in ${stateFolder}.`,
      why: `The folder will hold key material, and it ${error.unfit.why}.`,
      state: 'The folder was left as it is.',
      next: ['Name a folder with --workdir: the state is kept in it then.', `Or: ${cureOf(error.unfit)}`],
    });
  }
}

/** Says what to do about a folder that is not used, without a full stop. */
export function cureOf({ cure }: UnfitFolder): string {
  // The cure is a sentence or a command. The command closes the folder to others, so it is only for a folder that nobody else uses.
  return typeof cure === 'string'
    ? cure.replace(/\.$/, '')
    : `Close it where nobody else uses it: ${cure.map(quote).join(' ')}`;
}
