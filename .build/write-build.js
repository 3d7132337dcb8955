import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import { readBundledPackages } from './bundled-packages.js';
import { writeNotices } from './notices.js';
import { writeSbom } from './sbom.js';

const dist = 'dist';

/** How long a replaced build stays for programs that run it: as long as what KMS lends for an import, 24 hours. */
const keptMilliseconds = 24 * 60 * 60 * 1000;

/**
 * Builds the program into a folder that is named after its content, then lets dist/cli.js start that one. A program that
 * is running loads parts of itself later, so nothing of its build is changed, and the build before stays.
 * @param {import('esbuild').BuildOptions} options
 */
export async function writeBuild(options) {
  process.chdir(fileURLToPath(new URL('..', import.meta.url)));
  const { outputFiles, metafile } = await build({
    ...options,
    entryPoints: ['source/cli.ts'],
    outdir: join(dist, 'build'),
    write: false,
    metafile: true,
  });
  const name = nameOf(outputFiles);
  const folder = join(dist, name);
  mkdirSync(folder, { recursive: true });
  for (const { path, contents } of outputFiles) replaceFile(join(folder, basename(path)), contents);

  replaceFile(join(dist, 'keyferry.1'), manPage(join(folder, 'cli.js')));
  const packages = readBundledPackages(metafile);
  replaceFile(join(dist, 'third-party-notices.txt'), writeNotices(packages));
  replaceFile(join(dist, 'sbom.cdx.json'), writeSbom(JSON.parse(readFileSync('package.json', 'utf8')), packages));

  const before = startedBuild();
  replaceFile(join(dist, 'cli.js'), await writeLauncher(name), 0o755);
  if (before !== undefined && before !== name) touch(join(dist, before));
  const others = removeOldBuilds(name);
  // What other builds left does not go into the package.
  replaceFile(join(dist, '.npmignore'), ['*.tmp', ...others.map((other) => `/${other}/`), ''].join('\n'));
}

/**
 * @param {readonly import('esbuild').OutputFile[]} files
 * @returns twelve hexadecimal digits of a hash over their names and contents
 */
function nameOf(files) {
  const hash = createHash('sha256');
  for (const { path, contents } of [...files].sort((a, b) => (a.path < b.path ? -1 : 1)))
    hash.update(`${basename(path)}\0${contents.length}\0`).update(contents);
  return hash.digest('hex').slice(0, 12);
}

/**
 * The manual page, as the program that was just built prints it.
 * @param {string} program
 */
function manPage(program) {
  return execFileSync(process.execPath, [program, 'man'], { env: { ...process.env, NODE_DISABLE_COMPILE_CACHE: '1' } });
}

/**
 * dist/cli.js: source/launcher.ts with the build's name put in.
 * @param {string} name
 */
async function writeLauncher(name) {
  const { code } = await transform(readFileSync('source/launcher.ts', 'utf8'), {
    loader: 'ts',
    target: 'es2015',
    define: { BUILD: JSON.stringify(`./${name}/cli.js`) },
    banner: '#!/usr/bin/env node',
  });
  return code;
}

/** @returns the name of the build that dist/cli.js starts; undefined where there is none. */
function startedBuild() {
  try {
    return /"\.\/([0-9a-f]{12})\/cli\.js"/.exec(readFileSync(join(dist, 'cli.js'), 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}

/**
 * Removes everything in dist that is neither this build, nor the one before, nor one that was replaced a short time ago.
 * @param {string} name of this build
 * @returns the names of the other builds that stay
 */
function removeOldBuilds(name) {
  const stays = new Set([name, 'cli.js', 'keyferry.1', '.npmignore', 'third-party-notices.txt', 'sbom.cdx.json']);
  const others = readdirSync(dist).filter((entry) => !stays.has(entry) && !entry.endsWith('.tmp'));
  const replacedAt = (/** @type {string} */ other) => statSync(join(dist, other)).mtimeMs;
  const builds = others
    .filter((other) => /^[0-9a-f]{12}$/.test(other))
    .sort((a, b) => replacedAt(b) - replacedAt(a))
    .filter((other, index) => index === 0 || Date.now() - replacedAt(other) < keptMilliseconds);
  for (const other of others) if (!builds.includes(other)) rmSync(join(dist, other), { recursive: true, force: true });
  return builds;
}

/**
 * Marks the time when a build was replaced.
 * @param {string} folder
 */
function touch(folder) {
  const now = new Date();
  utimesSync(folder, now, now);
}

/**
 * Writes a file so that a reader finds the old one or the new one whole.
 * @param {string} path
 * @param {string | Uint8Array} contents
 * @param {number} [mode]
 */
function replaceFile(path, contents, mode = 0o644) {
  const temporary = join(dirname(path), `${basename(path)}.${process.pid}.tmp`);
  writeFileSync(temporary, contents, { mode });
  renameSync(temporary, path);
}
