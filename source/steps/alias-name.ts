// Pages: KMS API reference, CreateAlias.

/** In characters, with `alias/`. KMS API reference, CreateAlias, AliasName. */
export const longestAlias = 256;

const aliasPattern = /^alias\/[a-zA-Z0-9:/_-]{1,250}$/;

/** Matches an ARN, with or without `alias/` before it. The group is the resource: `alias/NAME` or `key/ID`. */
const arnPattern = /^(?:alias\/)?arn:[^:]*:[^:]*:[^:]*:[^:]*:(.*)$/;

/** Trims a name, and adds `alias/` when it is missing: people type `payments`, and KMS requires `alias/payments`. */
export function withAliasPrefix(text: string): string {
  const name = text.trim();
  return name.startsWith('alias/') ? name : `alias/${name}`;
}

/** Says why KMS would refuse this alias, or why the person surely meant another name; `undefined` when its form is right. */
export function aliasProblem(alias: string): string | undefined {
  if (alias === 'alias/') return 'Type a name for the key.';
  if (alias.startsWith('alias/aws/'))
    return "Aliases that begin with alias/aws/ are AWS's own. Choose another beginning.";
  if (alias.startsWith('alias/arn:')) return 'That is an ARN. It takes the name alone, as in alias/payments-2026.';
  if (alias.length > longestAlias)
    return `An alias has at most ${longestAlias} characters; this one has ${alias.length}.`;
  return aliasPattern.test(alias) ? undefined : 'An alias has letters, digits, / _ : and - only, and no spaces.';
}

/**
 * Suggests an alias in place of a text that {@link aliasProblem} refuses: the alias out of an ARN, or the words in small letters
 * with hyphens between them, such as `alias/my-photos-key`.
 * @returns the suggestion, which {@link aliasProblem} may refuse too. `undefined` for the ARN of anything but an alias, for the
 * beginning of an ARN, and when the text has no character that an alias can have.
 */
export function suggestedAlias(text: string): string | undefined {
  const resource = arnPattern.exec(text)?.[1];
  if (resource !== undefined) return resource.startsWith('alias/') ? resource : undefined;
  if (text.startsWith('arn:')) return undefined;
  const name = withAliasPrefix(text)
    .slice('alias/'.length)
    // After this, a letter and its accent are two characters, and the next line drops the accent.
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9:/_-]+/g, '-')
    // A slash or a colon divides words without hyphens: "pay / eu" becomes pay/eu.
    .replaceAll(/-*([/:])-*/g, '$1')
    .replaceAll(/^-+|-+$/g, '');
  return name === '' ? undefined : `alias/${name}`;
}
