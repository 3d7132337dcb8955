import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type DoctorOptions, doctor } from '../../source/commands/doctor.ts';
import { keepEnvironment, workIn } from '../kept-environment.ts';
import { newFolder } from '../new-folder.ts';
import { bareAwsEnvironment } from '../ui/fixed-world.ts';
import { atStreams } from './at-streams.ts';
import { connected, journal } from './written-journals.ts';

/** An empty folder, and the command with its temporary files in a folder of this test. */
function examineHere(t: TestContext) {
  keepEnvironment(t);
  const here = workIn(t);
  bareAwsEnvironment(here);
  const temporary = newFolder();
  process.env.TMPDIR = temporary;
  const examined = async (options: DoctorOptions, { signal = new AbortController().signal } = {}) => {
    const told = await atStreams(t, () => doctor(options, signal));
    assert.deepEqual(readdirSync(temporary), [], 'nothing is left behind');
    return told;
  };
  /** What a check found, for programs. */
  const found = async (options: DoctorOptions, id: string) => {
    const { status, out } = await examined({ ...options, json: true });
    const { ok, checks } = JSON.parse(out);
    assert.equal(status, ok ? 0 : 1);
    return checks.find((check: { id: string }) => check.id === id);
  };
  return { here, examined, found };
}

test('where practice AWS will work, people read lines and the verdict, programs one object; nothing is left', async (t) => {
  const { here, examined } = examineHere(t);
  const people = await examined({ practice: true });
  assert.equal(people.status, 0, people.out);
  assert.match(people.out, /^\S Node .* is new enough for Keyferry /);
  assert.match(people.out, /\n\nKeyferry will work here/);
  const programs = await examined({ practice: true, json: true, region: 'eu-west-3' });
  assert.equal(programs.status, 0);
  const { ok, checks } = JSON.parse(programs.out);
  assert.equal(ok, true);
  assert.match(JSON.stringify(checks), /eu-west-3/);
  assert.deepEqual(readdirSync(here), []);
});

test('what is in the way gives status 1; the endpoint and the profile that are named are the ones that are asked', async (t) => {
  const { found, examined } = examineHere(t);
  const endpointUrl = 'http://127.0.0.1:9';
  const { status, out } = await examined({ endpointUrl });
  assert.equal(status, 1);
  assert.match(out, /^x KMS at http:\/\/127\.0\.0\.1:9 does not answer: nothing listens there\.$/m);
  assert.match(out, /\nKeyferry will not work here: /);
  const profile = await found({ endpointUrl, profile: 'none' }, 'profile');
  assert.match(JSON.stringify(profile), /none/);
  assert.equal(profile.state, 'fails');
});

test('the folders that are looked at are those of ceremonies here, or the one that is named, where it is there', async (t) => {
  const { here, found } = examineHere(t);
  const stateOf = async (workdir?: string) =>
    (await found({ practice: true, ...(workdir === undefined ? {} : { workdir }) }, 'ceremony-folders')).state;
  mkdirSync(join(here, 'keyferry-empty'), { mode: 0o755 });
  chmodSync(join(here, 'keyferry-empty'), 0o755);
  assert.equal(await stateOf(), 'fine');
  const w = join(here, 'keyferry-w');
  journal(w, 'journal.jsonl', 'first-import', connected);
  chmodSync(w, 0o755);
  assert.deepEqual(
    [await stateOf(), await stateOf('keyferry-w'), await stateOf('not-there')],
    ['warning', 'fails', 'fine'],
  );
  chmodSync(w, 0o700);
  assert.equal(await stateOf('keyferry-w'), 'fine');
});

test('whoever stops gets status 130 and one line, and a defect is no stop', async (t) => {
  const { examined } = examineHere(t);
  const reason = new Error('stopped by the person');
  const stopped = await examined({ practice: true, json: true }, { signal: AbortSignal.abort(reason) });
  assert.deepEqual(stopped, { status: 130, out: '', err: 'keyferry: stopped. Nothing was changed.\n' });
  const defect = new TypeError('a defect');
  t.mock.method(process, 'umask', () => {
    throw defect;
  });
  assert.deepEqual(await examined({ practice: true }), { status: defect, out: '', err: '' });
});
