/**
 * What `npm run release` begins with: writes the package, the archives, checksums, SBOMs and notes to release/. Nothing is
 * published. test/install/bare-machine.sh then runs them.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeArchive } from './archive.js';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const into = 'release';
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const { version: nodeVersion, ...runtimes } = JSON.parse(readFileSync('.build/runtimes.json', 'utf8'));

const changes = changesOf(version);
assertOneNode();
rmSync(into, { recursive: true, force: true });
mkdirSync(into);
execFileSync('npm', ['pack', '--pack-destination', into], { stdio: ['ignore', 'ignore', 'inherit'] });
const tarball = join(into, `keyferry-${version}.tgz`);
copyFileSync('dist/sbom.cdx.json', join(into, `keyferry-${version}.sbom.cdx.json`));
/** @type {string[]} */
const unverified = [];
for (const [system, runtime] of Object.entries(runtimes)) {
  const name = `keyferry-${version}-${system}`;
  makeArchive({ tarball, name, nodeVersion, runtime, into });
  if (runtime.unverified) unverified.push(`- ${name}.tar.gz is unverified. ${runtime.unverified}`);
}
writeFileSync(join(into, 'notes.md'), [`# Keyferry ${version}`, changes, ...unverified, ''].join('\n\n'));
writeFileSync(join(into, 'SHA256SUMS'), checksums());

/**
 * @param {string} wanted
 * @returns what CHANGELOG.md says about a version
 * @throws {Error} where it says nothing.
 */
function changesOf(wanted) {
  const sections = readFileSync('CHANGELOG.md', 'utf8').split(/^## /m).slice(1);
  const [, text] =
    sections.map(titleAndText).find(([title]) => title.replace(/ - \d{4}-\d\d-\d\d$/, '') === wanted) ?? [];
  if (!text) throw new Error(`CHANGELOG.md has no section for ${wanted}.`);
  return text;
}

/**
 * @param {string} section from its title on
 * @returns {[title: string, text: string]}
 */
function titleAndText(section) {
  const [title = '', ...lines] = section.split('\n');
  return [title, lines.join('\n').trim()];
}

/** @throws {Error} where the archives would hold another Node than the one that runs the tests. */
function assertOneNode() {
  const installed = JSON.parse(readFileSync('node_modules/node/package.json', 'utf8')).version;
  if (installed !== nodeVersion)
    throw new Error(`.build/runtimes.json names Node ${nodeVersion}, but ${installed} is installed.`);
}

/** @returns a line for each file, as sha256sum writes and checks it */
function checksums() {
  const files = readdirSync(into).sort();
  return files
    .map(
      (file) =>
        `${createHash('sha256')
          .update(readFileSync(join(into, file)))
          .digest('hex')}  ${file}\n`,
    )
    .join('');
}
