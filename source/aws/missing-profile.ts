import { diskReason } from '../disk/reason.ts';
import type { ConfigFile, SharedConfig } from './shared-config.ts';
import type { SignInFailure } from './sign-in-error.ts';

/** How many names of profiles a message lists at most. */
const mostNames = 5;

/** Says why a profile is missing: its section header is written in another way, has no settings, or does not exist. */
export function explainMissingProfile(name: string, { profiles, files }: SharedConfig): SignInFailure {
  return findOtherSpelling(name, files) ?? explainAbsence(name, [...profiles.keys()], files);
}

/**
 * Looks for a section that should be the profile. Either it has the right header and no settings, or its header does not
 * have the form that its file needs: `[profile NAME]` in the config file, `[NAME]` in the credentials file. Gives `undefined` when
 * there is no such section.
 */
function findOtherSpelling(name: string, files: readonly ConfigFile[]): SignInFailure | undefined {
  for (const { path, kind, sections } of files) {
    const hasPlainHeader = sections.includes(name);
    // The header of a profile in the config file: the name may be in quotes.
    const hasPrefixedHeader = sections.some((section) => /^profile\s+["']?(.+?)["']?$/.exec(section)?.[1] === name);
    const needsPlainHeader = kind === 'credentials' || name === 'default';
    if (needsPlainHeader ? hasPlainHeader : hasPrefixedHeader)
      return {
        why: `Profile ${name} in ${path} has no settings that can be read.`,
        next: ['Set it up, then try again.'],
      };
    if (hasPlainHeader)
      return {
        why: `The section [${name}] of ${path} is no profile: there the word profile has to stand before the name.`,
        next: [`Write [profile ${name}] instead of [${name}], then try again.`],
      };
    if (hasPrefixedHeader)
      return {
        why: `The section [profile ${name}] of ${path} is no profile: there the name stands alone.`,
        next: [`Write [${name}] instead of [profile ${name}], then try again.`],
      };
  }
  return undefined;
}

/** Says that no file has the profile, which profiles there are, and which file cannot be read. */
function explainAbsence(name: string, names: readonly string[], files: readonly ConfigFile[]): SignInFailure {
  const more = names.length > mostNames ? ` and ${names.length - mostNames} more` : '';
  const known = names.length === 0 ? ' no profiles' : `: ${names.slice(0, mostNames).join(', ')}${more}`;
  const unread = files
    .filter(({ errorCode: code }) => code !== undefined && code !== 'ENOENT')
    .map(({ path, errorCode: code }) => ` ${path} cannot be read. ${diskReason({ code })}`);
  return {
    why: `There is no profile ${name === '' ? '""' : name}. The shared config has${known}.${unread.join('')}`,
    next: ['Check the name, AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE.'],
  };
}
