import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A package of which something is in the bundle.
 * @typedef {object} BundledPackage
 * @property {string} name
 * @property {string} version
 * @property {string} license its SPDX expression
 * @property {string} author
 * @property {string} integrity of its tarball, from the lock file (Subresource Integrity, sha512)
 * @property {readonly string[]} notices the texts of its licence and notice files, as they are in the package
 */

/**
 * Every package that gives at least one byte to the bundle, sorted by name and version.
 * @param {import('esbuild').Metafile} metafile
 * @returns {readonly BundledPackage[]}
 * @throws {Error} where a package says no licence, or is not in the lock file with its integrity.
 */
export function readBundledPackages(metafile) {
  const folders = new Set(
    Object.values(metafile.outputs).flatMap(({ inputs }) =>
      Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? packageFolder(path) : [])),
    ),
  );
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;
  const packages = [...folders].map((folder) =>
    readPackage(folder, lock[folder.slice(folder.indexOf('node_modules/'))]?.integrity),
  );
  // The same version may lie in several places.
  return [...new Map(packages.map((bundled) => [`${bundled.name}@${bundled.version}`, bundled])).values()].sort(
    (a, b) => compare(a.name, b.name) || compare(a.version, b.version),
  );
}

/**
 * @param {string} path of a bundled file, from the project's folder
 * @returns {readonly string[]} the folder of its package, or nothing where it is the project's own
 */
function packageFolder(path) {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.slice(0, 1) ?? [];
}

/**
 * @param {string} folder
 * @param {string | undefined} integrity
 * @returns {BundledPackage}
 */
function readPackage(folder, integrity) {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (typeof license !== 'string') throw new Error(`${folder} says no licence, so it cannot be bundled.`);
  if (integrity === undefined) throw new Error(`${folder} is not in package-lock.json with its integrity.`);
  const notices = readdirSync(folder)
    .filter((file) => /^(licen[cs]e|notice|copying)/i.test(file))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return { name, version, license, author: author?.name ?? author ?? '', integrity, notices };
}

/**
 * @param {string} a
 * @param {string} b
 */
function compare(a, b) {
  return a < b ? -1 : Number(a > b);
}
