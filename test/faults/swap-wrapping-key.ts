/**
 * Loaded before the program (`node --import`): stands in for somebody who waits for every wrapping key that is saved, and
 * puts the key in SWAP_FOR in its place at once. The program knows nothing of this.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';

const { SWAP_FOR = '' } = process.env;
const { linkSync } = fs;

fs.linkSync = (from, to) => {
  linkSync(from, to);
  if (!basename(String(to)).startsWith('wrappingKey_')) return;
  fs.rmSync(String(to));
  fs.copyFileSync(SWAP_FOR, String(to));
};
syncBuiltinESMExports();
