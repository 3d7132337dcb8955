import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Journal } from '../../source/ceremony/journal.ts';
import { encryptAsMarkdown } from '../../source/record/encrypt-record.ts';
import { expiryAsMarkdown } from '../../source/record/expiry-record.ts';
import { recordAsJson } from '../../source/record/head.ts';
import { readBackWords } from '../../source/record/object-check-words.ts';
import { type CeremonyRecord, recordAsMarkdown } from '../../source/record/record.ts';
import { reimportAsMarkdown } from '../../source/record/reimport-record.ts';
import { runbook } from '../../source/record/runbook.ts';
import { shellScript } from '../../source/record/shell-script.ts';
import { journalSoFar, trailOf } from '../../source/record/trail.ts';
import type { Transcript } from '../../source/record/transcript.ts';
import { noObjectsWords, proofWords } from '../../source/record/user-proof.ts';
import { assertStored } from '../stored-text.ts';

/*
 * Every page that a ceremony leaves, whole: test/record/pages has each as it should be. `node --test --test-update-snapshots`
 * writes them anew, and the difference is to be read.
 */

const you = 'arn:aws:iam::111122223333:user/ops';
const other = 'arn:aws:iam::111122223333:role/Admin';
const keyArn = 'arn:aws:kms:eu-west-1:111122223333:key/k';

const head = {
  keyferry: '0.2.0',
  ceremony: { id: 'c', begunAt: 'T1', finishedAt: 'T9' },
  account: { accountId: '111122223333', region: 'eu-west-1', callerArn: you, practice: false },
};
const practice = { ...head, account: { ...head.account, practice: true } };

const tls = { protocol: 'TLSv1.3', cipher: 'AES', group: 'X25519' };
const importCall = { at: 'T2', operation: 'KMS.ImportKeyMaterial', requestId: 'r1', tls };
const session = { at: 'T1', callerArn: you, osUser: 'me', host: 'here', version: '0.2.0' };
const trail = {
  sessions: [session],
  steps: [{ step: 'one', at: 'T2', session: 0 }],
  journal: { file: 'j.jsonl', lines: 7, lastLineSha256: 'ab' },
  calls: [
    importCall,
    { at: 'T3', operation: 'S3.UploadPart', requestId: 'r2', count: 3, until: 'T4', lastRequestId: 'r4' },
    { at: 'T5', operation: 'S3.HeadObject', error: 'NotFound' },
  ],
};
/** As an older version noted it: not who did a step, nor the TLS of each connection. */
const olderTrail = {
  ...trail,
  sessions: [{ ...session, osUser: 'CORP\\me', host: 'a|b', version: '0.1.0 [beta]' }],
  steps: [...trail.steps, { step: 'two', at: 'T3', session: null }],
  calls: [
    { ...importCall, tls: 'none' },
    { ...importCall, tls: { protocol: 'TLSv1.2', cipher: 'AES' } },
    { at: 'T6', operation: 'KMS.ImportKeyMaterial' },
  ],
} as const;

const key = { keyId: 'k', keyArn, alias: 'alias/a', keyState: 'Enabled' };
const object = { bucket: 'b', key: 'o', size: 3, sha256: '5a', sseAlgorithm: 'aws:kms', kmsKeyArn: keyArn };
const objects = [
  { ...object, verified: true },
  { ...object, key: 'p', sseAlgorithm: 'aws:kms:dsse', verified: true, checkedBy: 'checksum' },
  { ...object, key: 'q', verified: false, keyNamedBy: 'look' },
  { ...object, key: 'r', verified: false, keyNamedBy: 'upload answer' },
  { ...object, key: 's', verified: false },
] as const;
const manifest = { file: 'm.jsonl', sha256: '3c' };
const acceptedLock = { period: '30 days', validTo: 'T99' };
const sums = { count: 5, bytes: 15, found: 2, unconfirmed: 1, acceptedLock, manifest };
const oneObject = { count: 1, bytes: 1, found: 1, unconfirmed: 0, manifest };
const brought = { keyMaterialId: 'm1', checkValue: 'CV1', file: 'k.age', importedAt: 'T5' };

/** The record of a key that Keyferry made, with everything that can be chosen. */
const made: CeremonyRecord = {
  ...practice,
  key: {
    ...key,
    description: 'Archive *of* [bills]',
    keyStateAsOf: 'T8',
    createdAt: 'T2',
    acknowledged: 'with the plan',
    choices: {
      tags: [
        { key: 'team', value: 'a|b' },
        { key: 'cost', value: '7' },
      ],
      isMultiRegion: true,
      aliasFrom: 'k0',
    },
    policy: { Version: '2012-10-17' },
  },
  people: { administrators: [other], users: [], administratorsMayDelete: true, policyKind: 'strict', importers: [you] },
  wrapping: {
    algorithm: 'RSAES_OAEP_SHA_256',
    keySpec: 'RSA_4096',
    publicKeySha256: '7f',
    publicKeyFile: 'w.pub',
    tokenFile: 't.bin',
    validTo: 'T70',
    wrappedFile: 'w.bin',
    wrappedBy: 'keyferry',
  },
  material: {
    keyMaterialId: 'm1',
    expirationModel: 'KEY_MATERIAL_EXPIRES',
    validTo: 'T80',
    importedAt: 'T5',
    otherExpiry: { asked: 'never', told: 'T80' },
    provedAt: null,
    userProof: null,
  },
  secret: {
    origin: 'generated',
    bytes: 32,
    checkValue: { method: 'AES-CMAC', value: 'CV1' },
    zeroBlockCheckValue: 'CV2',
    file: 'plain.bin',
    plainKey: 'kept',
    inKms: 'shown',
  },
  backup: { file: 'k.age', by: 'passphrase', sha256: '9c', recipients: [], proven: 'opened' },
  copies: {
    asOf: 'T9',
    known: [{ kind: 'plain file', file: 'plain.bin' }, { kind: 'backup', file: 'k.age' }, { kind: 'own file' }],
  },
  objects: [],
  ...trail,
};
const { choices: _choices, acknowledged: _acknowledged, ...olderKey } = made.key;
const { people: _people, backup: _backup, ...notMade } = made;

const existing = {
  asOf: 'T3',
  tags: [
    { key: 'team|', value: '<pay>' },
    { key: 'cost', value: '7' },
  ],
  isMultiRegion: true,
  whoCanWhat: [
    {
      principal: other,
      manage: 'm-yes',
      import: 'i-no',
      use: 'u-maybe',
      deleteMaterial: 'dm-no',
      deleteKey: 'dk-yes',
      changePolicy: 'cp-no',
      makeGrants: 'mg-yes',
    },
  ],
};
const elsewhere = { origin: 'elsewhere', keeper: 'the HSM *7*', checked: false, inKms: 'not shown' } as const;
const userProof = { openedBy: other, openedAt: 'T6', keyMaterialId: 'm1', takenAt: 'T7', sha256: '6d' };

const transcript: Transcript = {
  title: 'alias/a',
  version: '0.2.0',
  finishedAt: 'T9',
  accountId: '111122223333',
  region: 'eu-west-1',
  again: 'It makes another key.',
  practice: 'keyferry practice-aws',
  steps: [
    {
      title: 'Make',
      why: 'Because.',
      receipt: 'a_b_c <c> `d` *e* |',
      commands: [
        { says: 'Make it', shell: 'KEY=$(aws kms create-key)', makes: 'KEY' },
        { says: 'Import', shell: 'aws kms import-key-material --key-material-description x' },
      ],
    },
    {
      title: 'Upload',
      why: 'So.',
      receipt: 'done',
      commands: [
        { says: 'Make it', shell: 'KEY=$(aws kms create-key)', makes: 'KEY' },
        { says: 'Remove', shell: 'rm x\nrm y', destroys: true },
        { says: 'Theirs', shell: 'sh u\nsh v', isForOther: true },
      ],
    },
    { title: 'End', why: 'Talk.', receipt: 'said', commands: [] },
  ],
};
const { practice: _practice, ...onAws } = transcript;
const withoutImport: Transcript = {
  ...onAws,
  steps: [
    { title: 'Ask', why: 'So.', receipt: 'done', commands: [{ says: 'Ask', shell: 'aws sts get-caller-identity' }] },
  ],
};

const pages: Readonly<Record<string, string>> = {
  'encrypt.md': encryptAsMarkdown({ ...head, key, objects, sums, ...olderTrail }),
  'encrypt-many.md': encryptAsMarkdown({ ...practice, key, objects: [], sums: oneObject, ...trail }),
  'encrypt-earlier.md': encryptAsMarkdown({ ...head, key, objects: objects.slice(0, 1), ...trail, steps: [] }),
  'encrypt-unread.md': encryptAsMarkdown({
    ...head,
    key,
    objects: objects.slice(2, 4),
    sums: { ...sums, found: 0, unconfirmed: 2 },
    ...trail,
  }),
  'expiry.md': expiryAsMarkdown({
    ...head,
    key,
    before: { asOf: 'T1', keyState: 'Disabled' },
    materials: [
      { keyMaterialId: 'm1', state: 'CURRENT', before: 'never', change: { ...brought, asked: 'T50', after: 'T51' } },
      { keyMaterialId: 'm2', state: 'NON_CURRENT', before: 'unknown' },
    ],
    proof: { keyMaterialId: 'm1', provedAt: 'T6' },
    readable: { bucket: 'b', key: 'o', isSame: true },
    ...trail,
  }),
  'expiry-disabled.md': expiryAsMarkdown({
    ...practice,
    key: { ...key, keyState: 'Disabled' },
    before: { asOf: 'T1', keyState: 'Disabled' },
    materials: [],
    notOpened: 'Disabled',
    ...trail,
  }),
  'reimport.md': reimportAsMarkdown({
    ...head,
    key,
    before: {
      asOf: 'T1',
      keyState: 'PendingImport',
      all: [
        { keyMaterialId: 'm1', state: 'CURRENT', isImported: false, expiry: 'T40' },
        { keyMaterialId: 'm2', state: 'NON_CURRENT', isImported: true, expiry: 'never' },
      ],
    },
    materials: [
      { ...brought, validTo: 'T60', wasThere: false },
      { keyMaterialId: 'm2', file: 'w.bin', validTo: null, importedAt: 'T6', wasThere: true },
    ],
    notOpened: 'refused',
    readable: { bucket: 'b', key: 'o', isSame: false },
    ...trail,
  }),
  'reimport-without-id.md': reimportAsMarkdown({
    ...practice,
    key,
    before: { asOf: 'T1', keyState: 'PendingImport', all: [] },
    materials: [],
    proof: { keyMaterialId: '', provedAt: 'T6' },
    ...trail,
  }),
  'made.md': recordAsMarkdown(made),
  'made-console.md': recordAsMarkdown({
    ...made,
    ...head,
    key: {
      ...made.key,
      alias: 'k',
      description: '',
      keyState: null,
      choices: { tags: [], isMultiRegion: false },
    },
    people: {
      administrators: [],
      users: [you, other],
      administratorsMayDelete: false,
      policyKind: 'console',
      derived: other,
    },
    material: { ...made.material, keyMaterialId: '', validTo: null, provedAt: 'T6' },
    secret: { ...made.secret, plainKey: 'none' } as CeremonyRecord['secret'],
    backup: { file: 'k.age', by: 'recipients', sha256: '9c', recipients: ['age1a', 'age1b'], proven: 'written' },
    copies: { asOf: 'T9', known: [] },
    objects,
    sums,
  }),
  'made-earlier.md': recordAsMarkdown({
    ...made,
    key: { ...olderKey, policy: null },
    people: { administrators: [], users: [], administratorsMayDelete: false, policyKind: 'strict' },
    secret: {
      origin: 'file',
      bytes: 32,
      checkValue: { method: 'AES-CMAC', value: 'CV1' },
      plainKey: 'destroyed',
      inKms: 'shown',
    },
    objects: objects.slice(0, 1),
    ...olderTrail,
  }),
  'other-secret.md': recordAsMarkdown({
    ...made,
    secret: { ...made.secret, inKms: 'other' } as CeremonyRecord['secret'],
    copies: { asOf: 'T9', known: [] },
  }),
  'secret-not-shown.md': recordAsMarkdown({
    ...made,
    material: { ...made.material, userProof: { ...userProof, keyMaterialId: 'm2' } },
    secret: { ...made.secret, inKms: 'not shown' } as CeremonyRecord['secret'],
  }),
  'secret-not-shown-gone.md': recordAsMarkdown({
    ...made,
    secret: { ...made.secret, inKms: 'not shown' } as CeremonyRecord['secret'],
    backup: { file: 'k.age', by: 'recipients', sha256: '9c', recipients: ['age1a'], proven: 'opened' },
    copies: { asOf: 'T9', known: [{ kind: 'own file' }] },
  }),
  'existing-elsewhere.md': recordAsMarkdown({
    ...notMade,
    account: {
      ...head.account,
      endpoint: 'https://kms.test',
      endpoints: { s3: 'https://s3.test', sts: 'https://sts.test' },
    },
    existing,
    sessions: [{ ...session, callerArn: other }],
    material: { ...made.material, userProof },
    secret: { ...elsewhere, statedCheckValue: { method: 'zero block', value: '08D7B4' } },
    copies: { asOf: 'T9', known: [] },
  }),
  'existing-unread.md': recordAsMarkdown({
    ...notMade,
    key: { ...olderKey, policy: null },
    existing: { asOf: 'T3', tags: null, isMultiRegion: false, whoCanWhat: null },
    material: {
      keyMaterialId: 'm1',
      expirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
      validTo: null,
      importedAt: 'T5',
      provedAt: null,
    },
    secret: elsewhere,
    copies: { asOf: 'T9', known: [] },
    objects: [],
    sums: oneObject,
  }),
  'existing-without-tags.md': recordAsMarkdown({
    ...notMade,
    existing: { ...existing, tags: [], isMultiRegion: false, whoCanWhat: [] },
  }),
  'runbook.md': runbook(transcript),
  'runbook.sh': shellScript(transcript),
  'runbook-on-aws.md': runbook(withoutImport),
  'runbook-on-aws.sh': shellScript(withoutImport),
};

test('no page shows a name so that it steers the terminal', () => {
  const name = 'k\u001B[2J\u202E.age';
  const before = { asOf: 'T1', keyState: 'Enabled' };
  const brings = { ...brought, file: name };
  const change = { ...brings, asked: 'never', after: 'never' };
  for (const page of [
    encryptAsMarkdown({ ...head, key, objects: [{ ...object, key: name, verified: true }], ...trail }),
    expiryAsMarkdown({
      ...head,
      key,
      before,
      materials: [{ keyMaterialId: 'm1', state: 'CURRENT', before: 'never', change }],
      ...trail,
    }),
    reimportAsMarkdown({
      ...head,
      key,
      before: { ...before, all: [] },
      materials: [{ ...brings, validTo: null, wasThere: true }],
      ...trail,
    }),
    recordAsMarkdown({ ...made, key: { ...made.key, description: name } }),
  ]) {
    assert.match(page, /k\S*\[2J\S*\.age/);
    assert.doesNotMatch(page, /[\u001B\u202E]/);
  }
  const json = recordAsJson({ ...made, key: { ...made.key, description: name } });
  assert.match(json, /"description": "k\\u001b\[2J\\u202e\.age"[\s\S]*\}\n$/);
});

test('no text of a person becomes a command of the script: each of its lines is a comment', () => {
  const words = 'one\r\ntwo\rthree';
  const script = shellScript({
    ...transcript,
    title: words,
    steps: [
      {
        title: 'Say',
        why: '',
        receipt: '',
        commands: [
          { says: words, shell: 'echo said' },
          { says: words, shell: 'echo removed', destroys: true },
          { says: words, shell: 'echo theirs', isForOther: true },
        ],
      },
    ],
  });
  assert.equal(script.match(/^# one$/gm)?.length, 4, 'an empty line would be one too many');
  assert.equal(script.match(/^# one\n# two\n# three/gm)?.length, 4);
  assert.deepEqual(script.match(/^echo .*$/gm), ['echo said']);
});

test('the trail names the file of the journal without its folder, with the number of its lines and its last hash', () => {
  const lines = [
    { kind: 'call', at: 'T1', operation: 'KMS.CreateKey', prev: '' },
    { kind: 'call', at: 'T2', operation: 'KMS.DescribeKey', prev: '' },
  ] as const;
  const { file } = journalSoFar(new Journal('/no/such/folder/journal.jsonl'));
  const { journal, calls } = trailOf({ file, lines, lastHash: 'ab' });
  assert.deepEqual(journal, { file: 'journal.jsonl', lines: 2, lastLineSha256: 'ab' });
  assert.deepEqual(calls, [
    { at: 'T1', operation: 'KMS.CreateKey' },
    { at: 'T2', operation: 'KMS.DescribeKey' },
  ]);
});

test('the proof of a user to whom KMS gave no id of the material says so', () => {
  const { keyMaterialId: _keyMaterialId, ...withoutId } = userProof;
  assert.match(
    proofWords({ keyMaterialId: 'm1', provedAt: null, userProof: withoutId }),
    /opened at T6; KMS gave no id of the material that opened it\. Keyferry cannot/,
  );
});

test('a record says so while nothing is uploaded yet', () => {
  assert.equal(noObjectsWords({}), 'None yet.');
});

test('how many objects were read back is said of one and of several', () => {
  assert.equal(readBackWords(1), 'S3 named the key for 1 object, and it was read back with the bytes of its file.');
  assert.equal(readBackWords(2), 'S3 named the key for 2 objects, and each was read back with the bytes of its file.');
});

for (const [name, page] of Object.entries(pages))
  test(`the page ${name} says what it should, word for word`, (t) => {
    assertStored(t, page, new URL(`pages/${name}`, import.meta.url));
  });
