import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { answersFile, exampleWith, memoryAlone } from '../e2e/answers.ts';
import { bareEnvironment } from '../e2e/program.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { backedUp } from '../secrets/finished-ceremony.ts';
import { copyBuiltProject } from './project-copy.ts';

const copy = copyBuiltProject();
/** How the commands that are printed begin where `npm start` began the run. */
const begin = 'npm start --silent -- ';

/** Pastes a command into a shell in the project's folder. */
async function paste(command: string) {
  const env = { ...bareEnvironment(copy), npm_config_cache: join(copy, '.npm') };
  const child = spawn('sh', ['-c', command], { cwd: copy, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { status: child.exitCode, stdout, stderr, commands: commandsIn(stdout + stderr) };
}

/** Every command of Keyferry in a text. None of them may begin in another way. */
function commandsIn(shown: string): readonly string[] {
  assert.doesNotMatch(shown, /\bkeyferry (?:--|run|check-backup|practice-aws|unfinished|doctor|explain|help|man)\b/);
  return [...shown.matchAll(/npm start --silent -- .*$/gm)].map(([command]) => command);
}

test('what npm start prints can be pasted: to make answers, to check the backup, to serve the practice account', async () => {
  const missing = await paste(`${begin}run`);
  assert.deepEqual(missing.commands, [`${begin}run --example > answers.yaml`]);
  assert.equal((await paste(missing.commands[0] ?? '')).status, 0);
  assert.match(readFileSync(join(copy, 'answers.yaml'), 'utf8'), /^# Answers for: keyferry run /);

  const { recipient, identityFile } = ageIdentity(copy);
  const answers = answersFile(copy, exampleWith(memoryAlone, backedUp(recipient, identityFile)));
  const done = await paste(`${begin}run '${answers}' --practice --workdir "a key" --runbook`);
  assert.equal(done.status, 0, done.stderr);
  const check = done.commands.find((command) => command.includes('check-backup'));
  const serve = done.commands.find((command) => command.includes('practice-aws'));
  assert.equal(check, `${begin}check-backup --workdir 'a key'`);
  const checked = await paste(`${check} --yes --identity age-identity.txt`);
  assert.equal(checked.status, 0, checked.stderr);
  assert.match(checked.stdout, /The backup is this key/);
  const served = await paste(`timeout --signal=INT 10 ${serve} --port 0`);
  assert.match(served.stdout, /^export AWS_ENDPOINT_URL=/m);

  for (const file of ['runbook.md', 'runbook.sh']) {
    const later = readFileSync(join(copy, 'a key', file), 'utf8');
    assert.match(later, /keyferry practice-aws --state /);
    assert.doesNotMatch(later, /npm start/);
  }
});

test('problems, the errors that explain knows, and help name commands that can be pasted', async () => {
  const elsewhere = await paste(`${begin}check-backup`);
  assert.deepEqual(elsewhere.commands, [`${begin}check-backup --workdir FOLDER`]);
  const unknown = await paste(`${begin}explain nonsense`);
  assert.equal((await paste(unknown.commands[0] ?? '')).status, 0);
  const refused = await paste(`${begin}explain AccessDeniedException`);
  const policy = await paste(refused.commands.find((command) => command.endsWith('permissions')) ?? '');
  assert.equal(JSON.parse(policy.stdout).Version, '2012-10-17');
  for (const command of ['', 'run ', 'check-backup ', 'practice-aws ', 'unfinished ', 'doctor ', 'explain ']) {
    const { commands } = await paste(`${begin}${command}--help`);
    assert.equal(commands.length > 1, true, command);
  }
});

test('through npx they begin with npx keyferry, else with keyferry', () => {
  const shown = (event: string) =>
    execFileSync(process.execPath, [join(copy, 'dist/cli.js'), 'help'], {
      encoding: 'utf8',
      env: { ...bareEnvironment(copy), npm_lifecycle_event: event },
    });
  assert.match(shown('npx'), /^Usage: npx keyferry \[options\]/);
  assert.match(shown('npx'), /^ {2}npx keyferry run answers\.yaml/m);
  assert.match(shown(''), /^ {2}keyferry run answers\.yaml/m);
});
