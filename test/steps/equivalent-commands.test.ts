import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { firstImport } from '../../source/ceremonies/first-import/first-import.ts';
import type { Answers } from '../../source/ceremony/question.ts';
import { runbook } from '../../source/record/runbook.ts';
import { shellScript } from '../../source/record/shell-script.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { fetchedPair } from '../known-facts.ts';
import { makeServices } from '../services.ts';

const arn = 'arn:aws:kms:eu-west-1:111122223333:key/8f3c2a10-5f0e-4b51-9a43-1c7d6e2b90aa';

const facts: Facts = {
  connection: {
    source: 'profile:ops team',
    region: 'eu-west-1',
    accountId: '111122223333',
    partition: 'aws',
    callerArn: 'arn:aws:iam::111122223333:user/ops',
    principalArn: 'arn:aws:iam::111122223333:user/ops',
  },
  description: { alias: 'alias/pay', description: 'https://wiki.example/keys', acknowledged: true },
  people: { administrators: [], users: [], administratorsMayDelete: false },
  key: { keyArn: arn, keyId: '8f3c2a10-5f0e-4b51-9a43-1c7d6e2b90aa', alias: 'alias/pay', createdAt: '2026-11-24' },
  wrapping: fetchedPair,
  wrapped: { file: '/home/me/my wrapped.bin', bytes: 512, by: 'you' },
  imported: {
    expirationModel: 'KEY_MATERIAL_EXPIRES',
    validTo: '2027-03-01T11:59:00.000Z',
    keyMaterialId: 'a'.repeat(64),
    importedAt: '2026-11-24T14:00:00.000Z',
  },
};

/** What the commands of a step are, in a run that is connected to another endpoint than AWS's own. */
async function commander(t: TestContext, endpoint = 'http://localhost:4599') {
  const { services } = await makeServices(t, {
    endpoint,
    parts: { preset: {}, clock: () => new Date('2030-01-01') },
  });
  await services.session.connect('practice', 'eu-west-1');
  return (id: string, answers: Answers = {}) => {
    const step = firstImport.steps.find((each) => each.id === id);
    return (step?.commands({ facts, answers, services }) ?? []).map(({ shell }) => shell).join('\n');
  };
}

test('every command names the profile, the Region and the endpoint of the connection', async (t) => {
  const commandsOf = await commander(t);
  for (const id of ['connect', 'describe-key', 'permissions', 'policy', 'import', 'prove']) {
    const calls = commandsOf(id, { alias: 'pay' })
      .split(/(?=\baws )/)
      .filter((part) => part.startsWith('aws '));
    assert.ok(calls.length > 0, id);
    for (const call of calls)
      assert.match(
        call,
        /--profile 'ops team' \\\n {2}--region eu-west-1 \\\n {2}--endpoint-url http:\/\/localhost:4599/,
      );
  }
});

test('an endpoint is quoted for the shell', async (t) => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is text for a shell.
  const commandsOf = await commander(t, 'http://localhost:4599/$(touch${IFS}x)?a=1&b=2');
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is text for a shell.
  assert.ok(commandsOf('connect').endsWith("--endpoint-url 'http://localhost:4599/$(touch${IFS}x)?a=1&b=2'"));
});

test('aws would fetch a description that is an address, so that it goes inside JSON', async (t) => {
  const commandsOf = await commander(t);
  assert.match(commandsOf('policy'), /--cli-input-json '\{"Description":"https:\/\/wiki\.example\/keys"\}'/);
});

test('an import that was done is told with the date that it has, not with days counted from now', async (t) => {
  const commandsOf = await commander(t);
  const shell = commandsOf('import', { expiry: 'date', 'valid-to': '90d' });
  assert.match(shell, /--valid-to 2027-03-01T11:59:00\.000Z/);
  // KMS takes the first material of a key as new by itself, and an older aws does not know the option.
  assert.doesNotMatch(shell, /--import-type/);
  assert.match(shell, /--encrypted-key-material 'fileb:\/\/\/home\/me\/my wrapped\.bin'/);
});

test('nothing in a transcript breaks out of its comment or its fence', () => {
  const command = { says: 'Upload a\nrm -rf ~', shell: "printf '```\n'" };
  const transcript = {
    title: 'alias/a\nrm -rf ~',
    version: '1',
    again: 'It makes everything again.',
    finishedAt: '2026-11-24T14:00:00.000Z',
    accountId: '111122223333',
    region: 'eu-west-1',
    steps: [
      { title: 'Objects', why: 'Why.', receipt: 'one\ntwo', commands: [command, { ...command, destroys: true }] },
    ],
  } as const;
  const script = shellScript(transcript);
  assert.deepEqual(script.match(/^.*rm -rf.*$/gm), [
    '# rm -rf ~, as Keyferry 1 made it on 2026-11-24T14:00:00.000Z, with aws and openssl 3.',
    '# rm -rf ~',
    '# rm -rf ~. It cannot be undone, so it is left to you:',
  ]);
  assert.match(runbook(transcript), /````sh\nprintf '```\n'\n````/);
});
