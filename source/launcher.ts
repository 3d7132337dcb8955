/**
 * Becomes dist/cli.js: the only file whose name stays the same from build to build. Any Node since 12 can read it, so an
 * old one is told apart in one line. BUILD is put in by the build: the path of that build's own program.
 */
// biome-ignore lint/style/useNamingConvention: the build replaces this name.
declare const BUILD: string;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

/** What package.json says under engines: proxies need http.Agent's proxyEnv, which came with 22.21 and 24.5. */
const isNewEnough = (major === 22 && minor >= 21) || (major === 24 && minor >= 5) || major > 24;

if (isNewEnough) {
  void import(BUILD);
} else {
  process.stderr.write(
    `keyferry: needs Node 22.21 or newer, or 24.5 or newer; this is Node ${process.versions.node}.\n`,
  );
  process.exitCode = 2;
}
