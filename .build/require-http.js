/**
 * Bundles node:http by `require`. An `import` of it reads each export, also WebSocket, for which Node loads its whole fetch: about
 * 60 ms at the start of each command that calls AWS.
 * @type {import('esbuild').Plugin}
 */
export const requireHttp = {
  name: 'require-http',
  setup(build) {
    build.onResolve({ filter: /^(?:node:)?http$/ }, ({ kind }) =>
      kind === 'require-call' ? { path: 'node:http', external: true } : { path: 'node:http', namespace: 'required' },
    );
    build.onLoad({ filter: /.*/, namespace: 'required' }, () => ({
      contents: "module.exports = require('node:http');",
    }));
  },
};
