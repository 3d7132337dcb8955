import packageFile from '../package.json' with { type: 'json' };

/** Of this program, from package.json. */
export const version: string = packageFile.version;

/** Which versions of Node it runs on, as package.json says it. */
export const neededNode: string = packageFile.engines.node;
