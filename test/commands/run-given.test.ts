import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { firstImport } from '../../source/ceremonies/first-import/first-import.ts';
import { openCeremony } from '../../source/commands/open-ceremony.ts';
import { runGiven } from '../../source/commands/run-given.ts';
import { connectionOf, generatedSecret } from '../known-facts.ts';
import { newFolder } from '../new-folder.ts';

const connection = connectionOf('arn:aws:iam::000000000000:user/alice');

for (const [done, state] of [
  [[], /^Nothing was created\.$/],
  [[['connect', { connection }]], /^Nothing was created\.$/],
  [
    [
      ['connect', { connection }],
      ['secret-key', { secret: generatedSecret }],
    ],
    /^Nothing more was created; .*w is as it was\.$/,
  ],
] as const) {
  test(`answers that are refused after ${done.length} steps say what there is by then`, async () => {
    const w = join(newFolder(), 'w');
    const place = { practice: true, workdir: w };
    const opened = await openCeremony(firstImport, w, place);
    opened.begin();
    for (const [step, facts] of done) opened.services.journal.append({ kind: 'done', step, facts });
    await opened.close();
    const said: string[] = [];
    const printed: string[] = [];
    const planned = { ceremony: firstImport, given: { path: 'answers.yaml', steps: new Map() }, folder: w };
    const status = await runGiven(firstImport, () => planned, place, {
      options: { json: true },
      say: (line) => void said.push(line),
      redact: (line) => line,
      signal: new AbortController().signal,
      stdout: { write: (text) => printed.push(text) },
    });
    assert.equal(status, 2);
    const { ended, problem } = JSON.parse(printed.join(''));
    assert.deepEqual([ended, problem.code], ['cannot-start', 'AnswersRefused']);
    assert.match(problem.state, state);
    assert.equal(said.at(-1)?.toLowerCase(), `keyferry: ${problem.state}`.toLowerCase());
  });
}
