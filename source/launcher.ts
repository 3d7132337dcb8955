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
  resolveQuickly();
  void import(BUILD);
} else {
  process.stderr.write(
    `keyferry: needs Node 22.21 or newer, or 24.5 or newer; this is Node ${process.versions.node}.\n`,
  );
  process.exitCode = 2;
}

/**
 * Resolves the imports between the files of the build without asking the file system. That works because all these files are in
 * one folder, and import each other as `./FILE.js`. Node itself asks the file system several times for each import, which takes a
 * fifth of the time until the first frame.
 */
function resolveQuickly(): void {
  const { registerHooks } = process.getBuiltinModule('node:module');
  let folder: string | undefined;
  registerHooks({
    resolve(specifier, context, next) {
      const { parentURL } = context;
      if (folder !== undefined && parentURL?.startsWith(folder) === true && specifier.startsWith('./'))
        return { url: folder + specifier.slice(2), format: 'module', shortCircuit: true };
      const resolved = next(specifier, context);
      // The first import is that of the program, and shows the folder of the build.
      if (specifier === BUILD) folder = resolved.url.slice(0, resolved.url.lastIndexOf('/') + 1);
      return resolved;
    },
  });
}
