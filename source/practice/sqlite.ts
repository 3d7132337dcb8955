const { emitWarning } = process;
// Node 22 writes a warning into the terminal when its SQLite is loaded: it is experimental there, and not in later ones.
process.emitWarning = () => {};
export const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
process.emitWarning = emitWarning;
