/**
 * What `npm start` runs: the program as it was built, or words about what is missing. Any Node since 12 can read it.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const project = join(dirname(fileURLToPath(import.meta.url)), '..');
const program = join(project, 'dist', 'cli.js');

const missing = sayWhatIsMissing();
if (missing === undefined) {
  if (isAnySourceNewer())
    process.stderr.write('keyferry: the sources are newer than the build that starts now. To build: npm run build\n');
  void import(pathToFileURL(program).href);
} else {
  process.stderr.write(`keyferry: ${missing}\n`);
  process.exitCode = 2;
}

/** @returns one line that says what is missing and how to get it; undefined where all is there. */
function sayWhatIsMissing() {
  const isInstalled = (/** @type {string} */ path) => existsSync(join(project, 'node_modules', path));
  if (Number.parseInt(process.versions.node, 10) < 22 && !isInstalled('node/bin/node')) {
    const tooOld = `this Node, ${process.versions.node}, is too old, and the one that comes with Keyferry is not installed`;
    return isInstalled('node')
      ? `${tooOld}, because npm runs no install scripts (ignore-scripts). Run: npm rebuild --ignore-scripts=false && npm run build`
      : `${tooOld}. Run npm ci, without --omit=dev.`;
  }
  if (existsSync(program)) return undefined;
  return isInstalled('esbuild')
    ? 'not built yet; npm ci builds it, except where npm runs no install scripts (ignore-scripts). Run: npm run build'
    : 'not built, and what builds it is not installed. Run npm ci, without --omit=dev.';
}

/** @returns whether a file that goes into the build was changed after it. */
function isAnySourceNewer() {
  const built = statSync(program).mtimeMs;
  return ['source', '.esbuild.js', 'package-lock.json', 'package.json'].some(
    (path) => newest(join(project, path)) > built,
  );
}

/**
 * @param {string} path
 * @returns {number} when it, or for a folder anything in it, was changed last, in milliseconds
 */
function newest(path) {
  const status = statSync(path);
  if (!status.isDirectory()) return status.mtimeMs;
  return Math.max(status.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}
