import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { firstImport } from '../../source/ceremonies/first-import/first-import.ts';
import { runCeremony } from '../../source/ceremony/ceremony.ts';
import { explain, openCeremony } from '../../source/commands/open-ceremony.ts';
import type { SecretBytes } from '../../source/material/secret-bytes.ts';
import { HeldSecrets } from '../../source/steps/held-secrets.ts';
import { readAnswersFile } from '../../source/ui/unattended/answers-file.ts';
import { unattendedInterviewer } from '../../source/ui/unattended/unattended.ts';
import { newFolder } from '../new-folder.ts';
import { isLong, seed } from '../seed.ts';
import { ageIdentity } from './age-identity.ts';
import { formsIn, needlesOf } from './needles.ts';

const ceremonies = isLong ? 200 : 15;
const passphrase = 'winter lamp orbit saddle';

/** Notes every key that a run holds in memory, so that the test can look for it. */
class WatchedSecrets extends HeldSecrets {
  readonly seen: Buffer[] = [];

  override holdKey(secret: SecretBytes): void {
    this.seen.push(secret.use((bytes) => Buffer.from(bytes)));
    super.holdKey(secret);
  }
}

/** Choices that a seed and a number alone decide. */
function chooser(number: number) {
  let at = 0;
  const draw = () => {
    at += 1;
    return createHash('sha256').update(`${seed} ${number} ${at}`).digest();
  };
  return {
    bytes: draw,
    one: <Value>(values: readonly Value[]): Value => values[draw().readUInt32BE() % values.length] as Value,
  };
}

/** A random ceremony: its answers, with the files that they name in `folder`. */
function randomAnswers(number: number, folder: string): string {
  const { one, bytes } = chooser(number);
  const { recipient, identityFile } = ageIdentity(folder);
  writeFileSync(join(folder, 'pass.txt'), one([passphrase, `${passphrase}\n`]), { mode: 0o600 });
  const origin = one(['generate', 'raw', 'hex', 'base64', 'newline'] as const);
  if (origin !== 'generate') {
    const key = bytes();
    const forms = {
      raw: key,
      hex: Buffer.from(`${key.toString('hex')}\n`),
      base64: Buffer.from(key.toString('base64')),
      newline: Buffer.concat([key, Buffer.from('\n')]),
    };
    writeFileSync(join(folder, 'my.key'), forms[origin], { mode: 0o600 });
  }
  const keep = one(['memory', 'file']);
  const how = one(['passphrase', 'recipients', 'recipients, unproven', 'none']);
  const isNoCopyLeft = origin === 'generate' && keep === 'memory' && how === 'none';
  const finish = keep === 'memory' ? undefined : one(['keep', 'destroy']);
  const lines = [
    'connect:',
    '  region: us-east-1',
    'secret-key:',
    ...(origin === 'generate' ? ['  origin: generate'] : ['  origin: file', `  file: ${join(folder, 'my.key')}`]),
    ...(origin === 'generate' || origin === 'raw' ? [] : ['  convert: decode']),
    `  keep: ${keep}`,
    'describe-key:',
    `  alias: alias/random-${number}`,
    '  description: made by a test',
    '  acknowledge: true',
    'backup:',
    `  how: ${how.split(',')[0]}`,
    ...(how === 'passphrase' ? [`  passphrase-file: ${join(folder, 'pass.txt')}`] : []),
    ...(how.startsWith('recipients') ? [`  recipients: [${recipient}]`] : []),
    ...(how === 'recipients' ? [`  identity: ${identityFile}`] : []),
    ...(how === 'none' ? ['  confirm-none: no backup'] : []),
    'permissions:',
    `  administrators-may-delete: ${one([true, false])}`,
    'wrapping-key:',
    `  wrapping: ${one(['RSAES_OAEP_SHA_256', 'RSAES_OAEP_SHA_1'])} ${one(['RSA_4096', 'RSA_3072', 'RSA_2048'])}`,
    'import:',
    ...one([['  expiry: never'], ['  expiry: date', '  valid-to: 90d']]),
    ...(isNoCopyLeft ? ['  without-copy: true'] : []),
    'encrypt-objects:',
    ...one([['  where: later'], ['  where: new', '  what: sample']]),
    ...(finish === undefined ? [] : ['finish:', `  plain-key: ${finish}`]),
    ...(finish === 'destroy' ? ['  confirm-destroy: destroy plain key file'] : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** Runs one on practice AWS in this process, and gives its key and all that it said. */
async function run(number: number): Promise<{ keys: readonly Buffer[]; said: string; folder: string }> {
  const folder = newFolder();
  const answers = join(folder, 'answers.yaml');
  writeFileSync(answers, randomAnswers(number, folder));
  const w = join(folder, 'w');
  const secrets = new WatchedSecrets();
  const opened = await openCeremony(firstImport, w, { practice: true, workdir: w });
  // A stretched passphrase takes a second; nothing here depends on how long it is stretched.
  const services = { ...opened.services, secrets, scryptWorkFactor: 8 };
  const said: string[] = [];
  const interviewer = unattendedInterviewer(firstImport.steps, readAnswersFile(answers), {
    say: (line) => said.push(line),
  });
  const plain = join(w, 'plain_text_aes_key.bin');
  try {
    const ending = await runCeremony({
      ceremony: firstImport,
      journal: services.journal,
      services,
      begin: opened.begin,
      waiting: opened.waiting,
      interviewer: {
        ...interviewer,
        done: (step, facts) => {
          if (step.id === 'secret-key' && existsSync(plain)) secrets.seen.push(readFileSync(plain));
          interviewer.done(step, facts);
        },
      },
      explain,
      signal: new AbortController().signal,
    });
    assert.equal(ending.ended, 'finished', said.join('\n'));
    const { facts } = ending;
    const { page, result } = await firstImport.conclude(facts, opened.services);
    said.push(...page.lines, JSON.stringify(result));
    assert.equal(secrets.key, undefined);
    return { keys: secrets.seen, said: said.join('\n'), folder };
  } finally {
    secrets.forget();
    await opened.close();
  }
}

/** Where the key itself is meant to be. */
const ownPlaces = new Set(['plain_text_aes_key.bin', 'my.key']);

test(`nothing that ${ceremonies} random ceremonies leave holds 8 bytes of their key or the passphrase`, async () => {
  let files = 0;
  for (let number = 0; number < ceremonies; number += 1) {
    const { keys, said, folder } = await run(number);
    assert.ok(keys.length > 0);
    const needles = keys.flatMap((key) => needlesOf(key, 1));
    const places = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !ownPlaces.has(entry.name))
      .map((entry) => join(entry.parentPath, entry.name));
    for (const [place, contents] of [
      ['what it said', Buffer.from(said)],
      ...places.map((path) => [path, readFileSync(path)] as const),
    ] as const) {
      assert.deepEqual(formsIn(contents, needles), [], `ceremony ${number}: ${place}`);
      if (!place.endsWith('pass.txt')) assert.equal(contents.includes('orbit'), false, `ceremony ${number}: ${place}`);
      files += 1;
    }
  }
  // The journal, the record, the wrapped key and its wrapping key, and what practice AWS keeps, among others.
  assert.ok(files >= ceremonies * 10, `${files} files and texts`);
});

test('the search finds 8 bytes of a key in every form and place', () => {
  const key = randomBytes(32);
  const needles = needlesOf(key, 1);
  for (let at = 0; at <= 24; at += 1) {
    const part = key.subarray(at, at + 8);
    for (let before = 0; before < 3; before += 1) {
      const longer = Buffer.concat([randomBytes(before), part, randomBytes(5)]);
      for (const form of ['hex', 'base64', 'base64url'] as const)
        assert.ok(formsIn(Buffer.from(`"${longer.toString(form)}"`), needles).length > 0, `${form} ${at} ${before}`);
      assert.deepEqual(formsIn(longer, needles), ['raw']);
    }
  }
  assert.deepEqual(formsIn(randomBytes(10_000), needles), []);
});
