import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageUrl } from './sbom.js';

/**
 * @typedef {object} Runtime
 * @property {string} package the npm package that holds Node for this system
 * @property {string} integrity of its tarball
 * @property {string} [unverified] why nobody has run the archive
 */

/**
 * Makes an archive that holds Node, the program, and a launcher: it needs nothing that has to be installed.
 * @param {object} what
 * @param {string} what.tarball the npm package of the program
 * @param {string} what.name of the archive, without its ending
 * @param {string} what.nodeVersion
 * @param {Runtime} what.runtime
 * @param {string} what.into the folder for the archive and its SBOM
 * @throws {Error} where the registry gives another Node than .build/runtimes.json says.
 */
export function makeArchive({ tarball, name, nodeVersion, runtime, into }) {
  const work = mkdtempSync(join(tmpdir(), 'keyferry-archive-'));
  try {
    const node = unpack(fetchRuntime(runtime, nodeVersion, work), join(work, 'node'));
    const program = unpack(tarball, join(work, 'program'));
    const folder = join(work, name);
    mkdirSync(join(folder, 'lib'), { recursive: true });
    mkdirSync(join(folder, 'share/man/man1'), { recursive: true });
    cpSync('.build/launcher.sh', join(folder, 'keyferry'));
    chmodSync(join(folder, 'keyferry'), 0o755);
    renameSync(join(node, 'bin/node'), join(folder, 'lib/node'));
    renameSync(join(node, 'LICENSE'), join(folder, 'node-license.txt'));
    renameSync(join(program, 'dist/keyferry.1'), join(folder, 'share/man/man1/keyferry.1'));
    renameSync(join(program, 'dist/third-party-notices.txt'), join(folder, 'third-party-notices.txt'));
    const sbom = withRuntime(
      JSON.parse(readFileSync(join(program, 'dist/sbom.cdx.json'), 'utf8')),
      runtime,
      nodeVersion,
    );
    writeFileSync(join(folder, 'sbom.cdx.json'), sbom);
    writeFileSync(join(into, `${name}.sbom.cdx.json`), sbom);
    rmSync(join(program, 'dist/sbom.cdx.json'));
    renameSync(join(program, 'dist'), join(folder, 'lib/dist'));
    // The program reads no package.json, but Node does: it says that the files are modules.
    writeFileSync(join(folder, 'lib/package.json'), '{ "type": "module" }\n');
    for (const file of ['readme.md', 'CHANGELOG.md', 'license']) renameSync(join(program, file), join(folder, file));
    pack(work, name, join(into, `${name}.tar.gz`));
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * Takes Node from the registry.
 * @param {Runtime} runtime
 * @param {string} version
 * @param {string} work
 * @returns the path of its tarball
 */
function fetchRuntime(runtime, version, work) {
  const args = ['pack', `${runtime.package}@${version}`, '--pack-destination', work, '--json'];
  const [{ filename }] = JSON.parse(execFileSync('npm', args, { encoding: 'utf8' }));
  const file = join(work, filename);
  if (`sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}` !== runtime.integrity)
    throw new Error(`${runtime.package} ${version} is not the one that .build/runtimes.json names.`);
  return file;
}

/**
 * @param {string} tarball of an npm package
 * @param {string} folder
 * @returns the folder of the package in it
 */
function unpack(tarball, folder) {
  mkdirSync(folder);
  execFileSync('tar', ['-xzf', tarball, '-C', folder]);
  return join(folder, 'package');
}

/**
 * In the same order, with the same owner and times, so that the same content gives the same archive.
 * @param {string} work
 * @param {string} name
 * @param {string} archive
 */
function pack(work, name, archive) {
  const same = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mtime=@0', '--mode=go=u-w'];
  execFileSync('sh', ['-c', 'tar "$@" | gzip -n > "$0"', archive, '-C', work, ...same, '-cf', '-', name]);
}

/**
 * @param {{ components: object[], dependencies: { dependsOn: string[] }[] }} sbom of the program
 * @param {Runtime} runtime
 * @param {string} version
 */
function withRuntime(sbom, runtime, version) {
  const purl = packageUrl({ name: runtime.package, version });
  const hex = Buffer.from(runtime.integrity.slice('sha512-'.length), 'base64').toString('hex');
  sbom.components.push({
    type: 'platform',
    'bom-ref': purl,
    name: 'node',
    version,
    licenses: [{ license: { id: 'MIT' } }],
    purl,
    hashes: [{ alg: 'SHA-512', content: hex }],
  });
  sbom.dependencies[0]?.dependsOn.push(purl);
  return `${JSON.stringify(sbom, undefined, 2)}\n`;
}
