import type * as Sqlite from 'node:sqlite';

/** Loads SQLite without the warning that Node 22 would write to the terminal, because SQLite is experimental in it. */
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
