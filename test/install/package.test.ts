import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { bareEnvironment } from '../e2e/program.ts';
import { newFolder } from '../new-folder.ts';
import { copyProject, runNpm, startedBuild } from './project-copy.ts';

const folder = newFolder();
const unpacked = join(folder, 'package');
const tarball = join(folder, 'keyferry-0.1.0.tgz');
const readText = (path: string) => readFileSync(join(unpacked, path), 'utf8');
let build: string;

before(async () => {
  const copy = copyProject();
  // Another build lies beside the one that is packed.
  mkdirSync(join(copy, 'dist/0123456789ab'), { recursive: true });
  writeFileSync(join(copy, 'dist/0123456789ab/cli.js'), '');
  await runNpm(['pack', '--pack-destination', folder], copy);
  build = startedBuild(copy);
  execFileSync('tar', ['-xzf', tarball, '-C', folder]);
});

test('the package holds one build, its papers and pictures, and nothing that cannot run', () => {
  const files = globSync('**', { cwd: unpacked, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(unpacked.length + 1));
  const others = files.filter((file) => !file.startsWith(`dist/${build}/`) && !/^media\/[a-z-]+\.svg$/.test(file));
  assert.deepEqual(others.toSorted(), [
    'CHANGELOG.md',
    'dist/cli.js',
    'dist/keyferry.1',
    'dist/sbom.cdx.json',
    'dist/third-party-notices.txt',
    'license',
    'package.json',
    'readme.md',
  ]);
  const programs = readdirSync(join(unpacked, 'dist', build)).filter((file) => file.endsWith('.js'));
  for (const file of programs) assert.equal(existsSync(join(unpacked, 'dist', build, `${file}.map`)), true, file);
  const bytes = files.reduce((sum, file) => sum + statSync(join(unpacked, file)).size, 0);
  assert.equal(bytes < 15_000_000, true, `${bytes} bytes`);
  const { dependencies, optionalDependencies, peerDependencies } = JSON.parse(readText('package.json'));
  assert.deepEqual(
    { dependencies, optionalDependencies, peerDependencies },
    {
      dependencies: undefined,
      optionalDependencies: undefined,
      peerDependencies: undefined,
    },
  );
});

test('notices and SBOM name exactly the packages whose code the source maps show', () => {
  const shown = new Set<string>();
  for (const file of readdirSync(join(unpacked, 'dist', build)).filter((name) => name.endsWith('.map'))) {
    for (const source of JSON.parse(readText(`dist/${build}/${file}`)).sources as string[]) {
      const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1];
      if (name !== undefined) shown.add(name);
    }
  }
  const sbom = JSON.parse(readText('dist/sbom.cdx.json'));
  const components: readonly { name: string; version: string; purl: string; licenses: unknown; hashes: unknown }[] =
    sbom.components;
  const named = new Set(components.map(({ name }) => name));
  assert.equal(new Set(components.map(({ purl }) => purl)).size, components.length);
  assert.equal(shown.size > 50, true);
  assert.deepEqual(
    [...shown].filter((name) => !named.has(name)),
    [],
  );
  const notices = readText('dist/third-party-notices.txt');
  for (const { name, version } of components) assert.equal(notices.includes(`${name} ${version} (`), true, name);
  assert.match(notices, /Copyright.*Amazon\.com/);
});

test('installed from its tarball, keyferry runs by its name and by npx and has its manual page, with the network switched off', async () => {
  const prefix = newFolder();
  const { stderr } = await runNpm(
    ['install', '--global', '--offline', '--cache', newFolder(), '--loglevel=notice', '--prefix', prefix, tarball],
    folder,
  );
  assert.equal(stderr, '');
  const env = { ...bareEnvironment(prefix), PATH: `${join(prefix, 'bin')}:${process.env.PATH}` };
  assert.equal(existsSync(join(prefix, 'share/man/man1/keyferry.1')), true);
  assert.equal(execFileSync('keyferry', ['--version'], { env, encoding: 'utf8' }), '0.1.0\n');
  const { stdout } = await runNpm(
    ['exec', '--offline', '--cache', newFolder(), '--yes', '--', './keyferry-0.1.0.tgz', '--version'],
    folder,
  );
  assert.equal(stdout, '0.1.0\n');
});

test('every package of the lock file has its integrity, and none says where it comes from', () => {
  const lock = JSON.parse(readFileSync(fileURLToPath(new URL('../../package-lock.json', import.meta.url)), 'utf8'));
  const entries = Object.entries<{ integrity?: string; resolved?: string }>(lock.packages).filter(
    ([path]) => path !== '',
  );
  assert.deepEqual(
    entries.filter(([, { integrity }]) => !integrity?.startsWith('sha512-')).map(([path]) => path),
    [],
  );
  assert.deepEqual(
    entries.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path),
    [],
  );
});
