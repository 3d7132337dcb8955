/**
 * The build makes dist/cli.js of this file, the only file whose name is the same in every build. It starts the program of its
 * build. Every Node since version 12 can read it, so that a Node that is too old gets one plain line. BUILD is the path of the
 * program; the build replaces the name by the path.
 */
// biome-ignore lint/style/useNamingConvention: the build replaces this name.
declare const BUILD: string;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

/** The same versions as `engines` in package.json. Proxies need the option proxyEnv of http.Agent, new in Node 22.21 and 24.5. */
const isNewEnough = (major === 22 && minor >= 21) || (major === 24 && minor >= 5) || major > 24;

if (isNewEnough) {
  void import(BUILD);
} else {
  process.stderr.write(
    `keyferry: needs Node 22.21 or newer, or 24.5 or newer; this is Node ${process.versions.node}.\n`,
  );
  process.exitCode = 2;
}
