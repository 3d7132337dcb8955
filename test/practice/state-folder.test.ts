import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { problemIn } from '../../source/ceremony/problem.ts';
import { practiceAws } from '../../source/commands/practice-aws.ts';
import { startPractice } from '../../source/commands/start-practice.ts';
import { openStore } from '../../source/practice/store.ts';
import { newFolder } from '../new-folder.ts';

test('the state folder is closed to others, also where it was there, empty and open before', () => {
  for (const mode of [undefined, 0o755, 0o770]) {
    const folder = join(newFolder(), 'state');
    if (mode !== undefined) {
      mkdirSync(folder);
      chmodSync(folder, mode);
    }
    openStore(folder).close();
    assert.equal(statSync(folder).mode & 0o777, 0o700);
  }
});

/** Folders that are not for practice AWS: each gives the path that is named, and the folder that must stay as it is. */
const others: Readonly<Record<string, () => { path: string; kept: string; why: string; cure: string }>> = {
  'a folder of others, with their files': () => {
    const kept = join(newFolder(), 'of all');
    mkdirSync(kept);
    writeFileSync(join(kept, 'their file'), '');
    chmodSync(kept, 0o1777);
    const why = 'it can be entered by others on this machine (mode 0777)';
    return { path: kept, kept, why, cure: `Close it where nobody else uses it: chmod 700 '${kept}'` };
  },
  'a link to a folder': () => {
    const kept = newFolder();
    chmodSync(kept, 0o755);
    const path = join(newFolder(), 'keyferry-practice-aws');
    symlinkSync(kept, path);
    return { path, kept, why: 'it is a symbolic link', cure: 'Name the folder that the link leads to: ' };
  },
};

for (const [name, make] of Object.entries(others)) {
  test(`${name} is refused with the cure, by the command and by a ceremony, and stays as it was`, async () => {
    const { path, kept, why, cure } = make();
    const before = [statSync(kept).mode, ...readdirSync(kept)];
    const said: string[] = [];
    const output = { write: (text: string) => said.push(text) };
    const io = { stdout: output, stderr: output, signal: AbortSignal.abort() };
    assert.equal(await practiceAws({ state: path, port: 0 }, io), 2);
    const line = said.join('');
    assert.ok(line.startsWith(`The state folder ${path} cannot be used: it will hold key material, and ${why}.`), line);
    assert.ok(line.includes(cure), line);
    const refusal = await startPractice(path).catch((error: unknown) => problemIn(error));
    assert.ok(refusal !== undefined && 'what' in refusal);
    assert.equal(refusal.what, `Can't keep practice AWS in ${path}.`);
    assert.ok(refusal.next[1]?.startsWith(`Or: ${cure}`));
    assert.deepEqual([statSync(kept).mode, ...readdirSync(kept)], before);
  });
}
