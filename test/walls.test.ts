import assert from 'node:assert/strict';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { cruise, type ICruiseResult } from 'dependency-cruiser';

const root = fileURLToPath(new URL('..', import.meta.url));
const { forbidden, options } = JSON.parse(readFileSync(join(root, '.dependency-cruiser.json'), 'utf8'));

async function violations(folder: string, baseDir: string): Promise<readonly string[]> {
  const { output } = await cruise([folder], { ...options, baseDir, validate: true, ruleSet: { forbidden } });
  return (output as ICruiseResult).summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`);
}

test('imports run downwards only', async () => {
  assert.deepEqual(await violations('source', root), []);
});

test('the walls would hold: each of these imports is found', async (t) => {
  mkdirSync(join(root, 'dist'), { recursive: true });
  const project = mkdtempSync(join(root, 'dist', '.walls-'));
  t.after(() => rmSync(project, { recursive: true }));
  const put = (path: string, text: string) => {
    mkdirSync(join(project, path, '..'), { recursive: true });
    writeFileSync(join(project, path), text);
  };
  put('source/aws/kms.ts', "import type { Step } from '../steps/one.ts';\nexport type Kms = Step;\n");
  put('source/steps/one.ts', "import '../ui/screen.ts';\nexport type Step = 1;\n");
  put('source/ui/screen.ts', "import '../material/secret.ts';\n");
  put('source/material/secret.ts', 'export const secret = 1;\n');
  put('source/practice/server.ts', "import '../material/secret.ts';\n");
  put('source/ceremonies/one/one.ts', "import '../../ui/screen.ts';\n");
  put('source/ceremony/step.ts', "import '../aws/kms.ts';\n");
  put('source/disk/write.ts', "import '../ceremony/step.ts';\nimport 'node:fs';\nimport 'valibot';\n");
  const found = (await violations('source', project)).map((violation) => violation.split(':')[0]);
  for (const rule of [
    'aws-below-steps',
    'steps-below-interfaces',
    'ui-below-commands',
    'practice-is-an-independent-witness',
    'ceremony-knows-nothing',
    'ceremonies-below-interfaces',
    'disk-below-all',
    'disk-uses-node-alone',
  ])
    assert.ok(found.includes(rule), `${rule} in ${found}`);
});

test('no value is forced into a type that it does not have', () => {
  const files = globSync('{source,test,media}/**/*.{ts,tsx}', { cwd: root });
  assert.ok(files.length > 800, `${files.length} files`);
  // The compiler takes any value for any type where it goes through unknown: what is made for a test then drifts unseen.
  const forced = files.filter((file) => /\bas unknown\s+as\b/.test(readFileSync(join(root, file), 'utf8')));
  assert.deepEqual(forced, []);
});
