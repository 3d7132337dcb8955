/**
 * Says why the program could not be built where the build tools are not installed. Any other error is thrown again.
 * @param {unknown} error
 * @returns the exit status: 0 within npm's own install, which did what it was asked to, else 1.
 */
export function tellWhyNotBuilt(error) {
  const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
  if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes("'esbuild'")) throw error;
  process.stderr.write(
    'keyferry: not built, because esbuild is not installed. What builds and what is bundled are dev dependencies:\n' +
      'run npm ci without --omit=dev (and without NODE_ENV=production).\n',
  );
  return process.env.npm_lifecycle_event === 'dependencies' ? 0 : 1;
}
