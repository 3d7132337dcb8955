import picomatch from 'picomatch';

/** Which files of a folder are meant, by patterns such as `*.csv`. */
export type FilePatterns = {
  /** When there are any, only files that match one of these are meant. */
  readonly include: readonly string[];
  /** Files that match one of these are not meant. */
  readonly exclude: readonly string[];
};

export const everyFile: FilePatterns = { include: [], exclude: [] };

/** Names that begin with a dot are names like any other. */
const options = { dot: true } as const;

/**
 * Makes the test for the files that are meant. A pattern without a slash is compared with the name of a file, in any folder. A
 * pattern with a slash is compared with the path of a file in the folder that the person named.
 * @returns the test: it takes the path of a file in that folder.
 */
export function makeFileTest({ include, exclude }: FilePatterns): (path: string) => boolean {
  const isIncluded = makeMatcher(include);
  const isExcluded = makeMatcher(exclude);
  return (path) => (include.length === 0 || isIncluded(path)) && !isExcluded(path);
}

/** Makes a test that a path passes when it matches one of the patterns. */
function makeMatcher(patterns: readonly string[]): (path: string) => boolean {
  const tests = patterns.map((pattern) => picomatch(pattern, { ...options, basename: !pattern.includes('/') }));
  return (path) => tests.some((matches) => matches(path));
}

/**
 * A pattern for paths, cut at its first special character: the folder before it, and the rest. The functions get paths in `folder`.
 */
export type PathPattern = {
  readonly folder: string;
  readonly matches: (path: string) => boolean;
  /** How many parts, with slashes between them, each path that matches has; `undefined` when that may differ. */
  readonly depth: number | undefined;
  /** Tells whether what is in this folder may match. */
  readonly mayMatchIn: (folder: string) => boolean;
};

/** Reads a text as a pattern for paths, such as `logs/**\/*.gz`; `undefined` when it has no special character. */
export function readPathPattern(text: string): PathPattern | undefined {
  const { base, glob } = picomatch.scan(text);
  if (glob === '') return undefined;
  const parts = glob.split('/');
  // These signs may reach over a slash, so the pattern cannot be compared part by part: two stars, square brackets with more in
  // them than letters, digits and their ranges, a backslash, and signs that join or negate whole patterns.
  const isComparedByParts = !/\*\*|[{(|!\\]|\[(?!\^?\w+(?:-\w+)*\])/.test(glob);
  const mayMatchIn = (folder: string) => {
    if (!isComparedByParts) return true;
    const depth = folder.split('/').length;
    return depth < parts.length && picomatch.isMatch(folder, parts.slice(0, depth).join('/'), options);
  };
  return {
    folder: base === '' ? '.' : base,
    matches: picomatch(glob, options),
    depth: isComparedByParts ? parts.length : undefined,
    mayMatchIn,
  };
}
