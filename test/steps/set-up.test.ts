import assert from 'node:assert/strict';
import { chmodSync, cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { guidedFirstImport } from '../../source/ceremonies/first-import/guided.ts';
import type { Services } from '../../source/steps/services.ts';
import { setUp } from '../../source/steps/set-up.ts';
import { newFolder } from '../new-folder.ts';
import { makeServices } from '../services.ts';
import { RunningCeremony } from './ceremony.ts';

const asked = (services: Services) => setUp.questions({ facts: {}, answers: {}, services }).map(({ id }) => id);

/** The folder of a ceremony that version 0.1.0 left when the backup was made. */
function earlierFolder(): string {
  const left = 'test/cases/journal-0.1.0';
  const path = join(newFolder(), 'w');
  cpSync(left, path, { recursive: true });
  chmodSync(path, 0o700);
  for (const file of readdirSync(path)) chmodSync(join(path, file), 0o600);
  const lines = readFileSync(join(left, 'journal.jsonl'), 'utf8').split('\n').slice(0, -1);
  const count = lines.findIndex((line) => line.includes('"kind":"done","step":"backup"')) + 1;
  assert.ok(count > 1);
  writeFileSync(join(path, 'journal.jsonl'), `${lines.slice(0, count).join('\n')}\n`);
  return path;
}

const run = async (t: TestContext, parts: Partial<Services>, path?: string) =>
  new RunningCeremony(await makeServices(t, { parts, ...(path === undefined ? {} : { path }) }), guidedFirstImport, {
    'set-up': { kind: 'recommended' },
  });

test('a new ceremony asks how much to be asked, and an answer makes it so', async (t) => {
  const running = await run(t, {});
  await running.upTo('connect');
  assert.deepEqual(asked(running.services), ['kind']);
  const { setUp: chosen } = await running.upTo('set-up');
  assert.deepEqual(chosen, { kind: 'recommended' });
});

for (const [name, preset, kind] of [
  ['everything', {}, 'everything'],
  ['the video', { setUp: 'video' }, 'video'],
] as const)
  test(`a folder of an earlier version goes on with ${name}, and is not asked`, async (t) => {
    const place = { source: 'practice', region: 'us-east-1', ...preset } as const;
    const running = await run(t, { preset: place }, earlierFolder());
    assert.deepEqual(asked(running.services), []);
    const facts = await running.upTo('set-up');
    assert.deepEqual(facts.setUp, { kind });
    assert.notEqual(facts.backup, undefined);
  });

test('the flag for the video answers it', async (t) => {
  const running = await run(t, { preset: { source: 'practice', region: 'us-east-1', setUp: 'video' } });
  assert.deepEqual(asked(running.services), []);
  assert.deepEqual((await running.upTo('set-up')).setUp, { kind: 'video' });
});
