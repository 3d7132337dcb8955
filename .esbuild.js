import { fileURLToPath } from 'node:url';
import { readYoga } from './.build/read-yoga.js';
import { requireHttp } from './.build/require-http.js';

/**
 * How the program is bundled; the benchmark bundles its bare screen the same way.
 * @type {import('esbuild').BuildOptions}
 */
export const options = {
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node22.21',
  // The SDK's ES modules, so that only what is called is bundled; its CommonJS ones lose their names on the way.
  mainFields: ['module', 'main'],
  minifySyntax: true,
  minifyWhitespace: true,
  // The licences of all that is bundled are in dist/third-party-notices.txt, once each.
  legalComments: 'none',
  // Names and lines are enough to read a stack that somebody sends; with the sources inside, the maps are four times as large.
  sourcemap: 'linked',
  sourcesContent: false,
  logLevel: 'warning',
  // React's production build; without it every frame costs more.
  define: { 'process.env.NODE_ENV': '"production"' },
  // Ink asks for the devtools only when DEV is set, which Keyferry never allows; left external, it would fail at the start.
  // Ink measures as Keyferry does.
  alias: {
    'react-devtools-core': 'node:util',
    'string-width': fileURLToPath(new URL('source/terminal/string-width.ts', import.meta.url)),
  },
  plugins: [requireHttp, readYoga],
  // CommonJS libraries in an ESM bundle still call require for Node's own modules.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
};

// Older Nodes, which only build, have no import.meta.main.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const { writeBuild } = await import('./.build/write-build.js');
    await writeBuild(options);
  } catch (error) {
    const { tellWhyNotBuilt } = await import('./.build/not-built.js');
    process.exitCode = tellWhyNotBuilt(error);
  }
}
