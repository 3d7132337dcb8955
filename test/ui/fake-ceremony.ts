import { setTimeout as pause } from 'node:timers/promises';
import type { Course } from '../../source/ceremony/ceremony.ts';
import { ProblemError } from '../../source/ceremony/problem.ts';
import type { Option } from '../../source/ceremony/question.ts';
import type { Step } from '../../source/ceremony/step.ts';
import type { Facts } from '../../source/steps/facts.ts';
import { bareStep } from '../bare-step.ts';
import { connectionOf } from '../known-facts.ts';

/** What the fake steps work with: how long things take, and what to make go wrong. */
export type FakeServices = {
  readonly verifyMs: number;
  readonly actMs: number;
  trouble: boolean;
  readonly listing: 'fills' | 'refused';
};

type FakeStep = Step<Facts, FakeServices>;

const lesson = {
  article: 'AWS KMS GUI, 8: Download the wrapping key',
  video: 'After the policy was verified. The article gives no times.',
  showed: 'A choice of algorithm and a zip file with the wrapping key, the import token and a text file.',
  shows: 'The console recommends RSAES_OAEP_SHA_256 and a 4096-bit key. There is no zip file here.',
};

const connection = connectionOf('arn:aws:iam::000000000000:user/you');

const goesWrong = ['ExpiredImportTokenException: wrapping key and token end after 24 hours. Fetch a new pair.'];

const plain: FakeStep = bareStep('plain', { lesson, goesWrong, leadsTo: ['permissions'] });

const connect: FakeStep = {
  ...plain,
  id: 'connect',
  title: 'Connection',
  done: 'Connected',
  why: 'A KMS key lives in one account and one Region, and works only there. So the first thing to settle is who you are and where.',
  questions: () => [
    {
      kind: 'choice',
      id: 'source',
      ask: 'Where should the key go?',
      label: 'Connection',
      form: 'practice or environment',
      options: [
        { value: 'practice', label: 'Practice AWS, on this machine', hint: 'no account needed' },
        { value: 'instance-role', label: 'AWS, with the role of this machine', disabled: 'no role found' },
        { value: 'environment', label: 'AWS, with the access keys in the environment' },
      ],
      default: 'practice',
      help: 'Practice AWS is a small AWS on this machine: same steps, nothing to pay, nothing to break.\nTo connect to an account: run aws configure or aws sso login, then start Keyferry again.',
    },
    {
      kind: 'text',
      id: 'region',
      ask: 'In which Region?',
      label: 'Region',
      form: 'a Region code',
      default: 'us-east-1',
      check: (text) => (/^[a-z]+-[a-z]+-\d$/.test(text) ? undefined : 'A Region looks like us-east-1 or eu-central-1.'),
      help: 'The key and the buckets that use it must share this Region.',
    },
  ],
  commands: () => [
    { says: 'Who am I, and in which account', shell: 'aws sts get-caller-identity \\\n  --region us-east-1' },
  ],
  act: async ({ services, report, signal }) => {
    report({ id: 'caller', label: 'Asking AWS who you are', state: 'working' });
    await pause(services.actMs, undefined, { signal });
    return { connection };
  },
  receipt: () => 'Connected to practice AWS: account 000000000000, us-east-1, as user/you',
};

const secret: FakeStep = {
  ...plain,
  id: 'secret-key',
  title: 'Secret key',
  done: 'Secret key ready',
  why: 'This is the key that you bring: 256 random bits, 32 bytes. AWS will use it but can never give it back, so your copy is the only one.',
  questions: ({ answers }) => [
    {
      kind: 'file',
      id: 'file',
      ask: 'Which file holds the 256-bit secret?',
      label: 'File',
      form: 'a path',
      check: (path) => (path === '' ? 'Type the path of the key file.' : undefined),
      notice: (path) =>
        path.endsWith('.key')
          ? 'This file is 45 bytes of base64 text, not a raw key. Decoded, it is exactly 32 bytes: a valid AES-256 key.'
          : undefined,
      help: 'Only its length and a check value are ever shown.',
    },
    ...(String(answers.file ?? '').endsWith('.key')
      ? [
          {
            kind: 'choice',
            id: 'convert',
            ask: 'Use the 32 bytes that this text stands for?',
            label: 'Conversion',
            form: 'decode',
            options: [
              { value: 'decode', label: 'Use the decoded 32 bytes', hint: 'your file is not changed' },
              {
                value: 'another',
                label: 'Choose another file',
                leads: { action: 'ask-again', label: 'Choose another file', question: 'file' },
              },
            ],
          } as const,
        ]
      : []),
  ],
  receipt: () => 'Secret key taken: 32 bytes in plain_text_aes_key.bin, key check value 1A2B3C (CMAC)',
};

const describe: FakeStep = {
  ...plain,
  id: 'describe-key',
  title: 'Description',
  done: 'Described',
  why: 'A KMS key is known by a long id that AWS chooses. The alias is the name that people and programs use instead.',
  questions: ({ services }) => [
    {
      kind: 'text',
      id: 'alias',
      ask: 'What should the key be called?',
      label: 'Alias',
      form: 'alias/name',
      placeholder: 'alias/payments-2026',
      notice: (text) => (text === '' ? undefined : `alias/${text}`),
      check: (text) =>
        /^[\w/-]*$/.test(text) ? undefined : 'An alias has letters, digits, / _ : and - only, and no spaces.',
      verify: async (answer) => {
        await pause(services.verifyMs);
        return answer === 'taken'
          ? 'alias/taken is taken in us-east-1: it points to key 8f3c2a10. Choose another.'
          : undefined;
      },
      help: 'The alias can be moved to another key later. Nothing that you see here is secret.',
    },
    {
      kind: 'confirm',
      id: 'acknowledge',
      ask: 'I understand the security, availability and durability implications of using an imported key.',
      label: 'Acknowledged',
      form: 'true',
      mustTick: true,
      help: 'With an imported key, you are the only backup.\nAWS keeps a working copy, but if that is deleted or expires, only your file can bring it back.',
    },
  ],
  receipt: () => 'Described: alias/payments-2026',
};

/** Two hundred people, in pages. */
async function* people(services: FakeServices): AsyncIterable<readonly Option[]> {
  if (services.listing === 'refused') throw Object.assign(new Error(''), { name: 'AccessDenied' });
  const names = ['SecurityAdmin', 'BreakGlass', 'SecurityAudit', 'Deployer', 'app-uploader'];
  yield names.map((name) => ({ value: `arn:aws:iam::000000000000:role/${name}`, label: `role  ${name}` }));
  await pause(services.actMs);
  yield Array.from({ length: 195 }, (_, index) => ({
    value: `arn:aws:iam::000000000000:user/person-${index}`,
    label: `user  person-${index}`,
    ...(index === 3 ? { hint: 'you' } : {}),
  }));
}

const permissions: FakeStep = {
  ...plain,
  id: 'permissions',
  title: 'Permissions',
  done: 'People chosen',
  why: 'Administrators look after the key; users encrypt and decrypt with it. A careful set-up keeps the two apart.',
  questions: ({ services }) => [
    {
      kind: 'many',
      id: 'administrators',
      ask: 'Who may administer the key?',
      label: 'Administrators',
      form: 'ARNs',
      options: () => people(services),
      typed: 'ARN of a user or role',
      least: 0,
      check: (arn) => (arn.startsWith('arn:') ? undefined : `${arn} is not the ARN of an IAM user or role.`),
      help: 'Administrators can import and delete material. They are no users of the key by that, but can make themselves users.',
    },
  ],
  receipt: () => 'People chosen: SecurityAdmin administers, app-uploader uses',
};

const policy: FakeStep = {
  ...plain,
  id: 'policy',
  title: 'Policy and key',
  done: 'Key created',
  place: 'KMS',
  lasting: true,
  why: 'The key policy decides who can do what: no other permission counts where it does not allow that. Now the key is made, still empty.',
  questions: () => [
    {
      kind: 'choice',
      id: 'proceed',
      ask: 'Create the key with this policy?',
      label: 'Policy',
      form: 'create',
      table: {
        head: ['', 'manage', 'import', 'use', 'delete material', 'delete key'],
        rows: [
          ['account root', true, true, true, true, true],
          ['role SecurityAdmin', true, true, false, true, false],
          ['role app-uploader', false, false, true, false, false],
        ],
      },
      options: [
        { value: 'create', label: 'Create the key and alias/payments-2026' },
        {
          value: 'json',
          label: 'Show the policy as JSON',
          leads: {
            action: 'panel',
            panel: { title: 'Key policy', lines: Array.from({ length: 60 }, (_, index) => `  "line": ${index}`) },
          },
        },
        {
          value: 'people',
          label: 'Change the people',
          leads: { action: 'reopen', label: 'Change the people', step: 'permissions' },
        },
      ],
      default: 'create',
      help: 'You can still change this policy afterwards.\nThe key costs 1 USD a month from now on, 1 to 2 USD more after rotations, and requests cost extra.',
    },
  ],
  commands: () => [
    {
      says: 'Create the key, empty for now',
      shell: 'KEY_ID=$(aws kms create-key \\\n  --origin EXTERNAL \\\n  --query KeyMetadata.KeyId)',
    },
  ],
  act: async ({ services, report }) => {
    report({ id: 'key', label: 'Creating the key', state: 'working' });
    await pause(services.actMs);
    if (services.trouble) {
      services.trouble = false;
      throw new ProblemError({
        kind: 'refused',
        what: "Can't create the KMS key.",
        why: 'Your role may not call kms:CreateKey in us-east-1.',
        code: 'AccessDeniedException',
        state: 'No key was made, and nothing costs anything.',
        next: ['Ask for kms:CreateKey and kms:CreateAlias, then try again.'],
        requestId: '6f0f2f3c-93a4-4f0e-9df5-6a6d4c1c2b1e',
        remedies: [{ action: 'reopen', label: 'Change the people', step: 'permissions' }],
      });
    }
    report({
      id: 'key',
      label: 'Key 8f3c2a10-5f0e-4b51-9a43-1c7d6e2b90aa created',
      note: 'waits for its material',
      state: 'done',
    });
    report({ id: 'alias', label: 'alias/payments-2026', state: 'done' });
    return {};
  },
  receipt: () =>
    'Key created: alias/payments-2026, arn:aws:kms:us-east-1:000000000000:key/8f3c2a10-5f0e-4b51-9a43-1c7d6e2b90aa',
};

const objects: FakeStep = {
  ...plain,
  id: 'encrypt-objects',
  title: 'Objects',
  done: 'Objects encrypted',
  place: 'S3',
  lasting: true,
  why: 'S3 encrypts each object under your key if the upload names it. Each one is then read back and compared.',
  questions: () => [],
  act: async ({ services, report }) => {
    const total = 4_100_000_000;
    report({ id: 'ledger', label: 'ledger-2025.parquet', note: 'key checked, read back', state: 'done' });
    for (let part = 0; part <= 20; part += 1) {
      report({
        id: 'tar',
        label: 'statements.tar',
        note: 'uploading',
        bytes: { done: (total / 20) * part, total },
        state: 'working',
      });
      await pause(services.actMs / 20);
    }
    report({ id: 'tar', label: 'statements.tar', note: 'key checked, read back', state: 'done' });
    return {};
  },
  receipt: () => '2 objects encrypted in s3://payments-archive, key checked, read back',
};

const finish: FakeStep = {
  ...plain,
  id: 'finish',
  title: 'Finish',
  done: 'Finished',
  place: 'S3',
  lasting: true,
  why: 'AWS cannot give the key back. What you keep now decides whether it can be brought back.',
  questions: () => [
    {
      kind: 'phrase',
      id: 'confirm-destroy',
      ask: 'Type the last 8 characters of the key id to destroy the plain key here.',
      label: 'Key id ends in',
      form: 'the last 8 characters of the key id, or keep',
      phrase: '6e2b90aa',
      decline: 'keep',
      help: 'The key id is 8f3c2a10-5f0e-4b51-9a43-1c7d6e2b90aa\nOverwriting cannot reach copies that a solid-state disk, a snapshot or a backup has made.',
    },
  ],
  receipt: () => 'Finished: the record is record.md',
};

/** A ceremony with every kind of question and nothing real behind it. */
export const fakeCeremony: Course<Facts, FakeServices> = {
  steps: [connect, secret, describe, permissions, policy, objects, finish],
};

/** Services that answer at once and refuse nothing. */
export function fakeServices(changes: Partial<FakeServices> = {}): FakeServices {
  return { verifyMs: 0, actMs: 0, trouble: false, listing: 'fills', ...changes };
}
