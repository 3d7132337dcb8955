import type * as Sqlite from 'node:sqlite';

/** Node 22 writes a warning into the terminal when its SQLite is loaded: it is experimental there, and not in later ones. */
function loadQuietly(): typeof Sqlite {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return process.getBuiltinModule('node:sqlite');
  } finally {
    process.emitWarning = emitWarning;
  }
}

export const { DatabaseSync } = loadQuietly();
