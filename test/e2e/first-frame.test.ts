import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { newFolder } from '../new-folder.ts';
import { TerminalSession } from './terminal-session.ts';

test('the first frame needs neither the HTTP client of Node nor the library that reads answers files', async () => {
  const cwd = newFolder();
  const preload = join(cwd, 'preload.mjs');
  const loaded = join(cwd, 'loaded.json');
  writeFileSync(
    preload,
    `import { registerHooks } from 'node:module';
    import { writeFileSync } from 'node:fs';
    const sources = [];
    registerHooks({ load(url, context, next) {
      const loaded = next(url, context);
      sources.push(String(loaded.source));
      return loaded;
    } });
    process.once('exit', () => writeFileSync(${JSON.stringify(loaded)}, JSON.stringify({
      ofNode: process.moduleLoadList, yaml: sources.filter((source) => source.includes('BLOCK_FOLDED')).length, files: sources.length,
    })));`,
  );
  const session = new TerminalSession([], { cwd, env: { NODE_OPTIONS: `--import=${preload}` } });
  try {
    await session.shows('Where should the key go?');
    session.send('\u0003');
    await session.shows('Stop here?');
    session.send('\r');
    await session.ends();
  } finally {
    session.kill('SIGKILL');
  }
  const { ofNode, yaml, files } = JSON.parse(readFileSync(loaded, 'utf8'));
  assert.deepEqual(
    ofNode.filter((name: string) => name.includes('undici')),
    [],
  );
  assert.ok(files > 20);
  assert.equal(yaml, 0);
});
