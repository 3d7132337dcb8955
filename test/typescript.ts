import { readFileSync } from 'node:fs';
import { enableCompileCache, registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transformSync } from 'esbuild';

/*
 * Loaded before tests (`node --import`). Node takes the types out of .ts files by itself, and keeps what came of it; of .tsx
 * files it knows nothing.
 */

enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/keyferry-tests', import.meta.url)));

registerHooks({
  load(url, context, next) {
    if (!url.endsWith('.tsx')) return next(url, context);
    const { code } = transformSync(readFileSync(new URL(url), 'utf8'), {
      loader: 'tsx',
      jsx: 'automatic',
      sourcefile: fileURLToPath(url),
      sourcemap: 'inline',
      target: 'node24',
    });
    return { format: 'module', source: code, shortCircuit: true };
  },
});
