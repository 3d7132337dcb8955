import packageFile from '../package.json' with { type: 'json' };

/** The version of this program, from package.json. */
export const version: string = packageFile.version;

/** The versions of Node on which this program runs, as a range in the form of package.json. */
export const neededNode: string = packageFile.engines.node;
