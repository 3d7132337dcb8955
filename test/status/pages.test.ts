import { test } from 'node:test';
import type { Where } from '../../source/status/advice.ts';
import { statusAsJson } from '../../source/status/json.ts';
import { statusOf } from '../../source/status/status.ts';
import { assertStored } from '../stored-text.ts';
import {
  expiring,
  found,
  gone,
  inDays,
  keyOf,
  knownOf,
  lookOf,
  material,
  never,
  now,
  pageOf,
  period,
} from './samples.ts';

/*
 * Whole pages of the status, and what --json prints: test/status/pages has each as it should be.
 * `node --test --test-update-snapshots` writes them anew, and the difference is to be read.
 */

const lost = material({ keyMaterialId: 'b'.repeat(64), state: 'NON_CURRENT', importState: 'PENDING_IMPORT' });
const keys = [
  keyOf('a', { aliases: ['alias/a'], ...gone }),
  keyOf('b', { keyState: 'PendingImport', materials: [material(), lost] }),
  keyOf('c', { materials: [material({ state: 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION' })] }),
  keyOf('d', { keyState: '' }),
  keyOf('e', { materials: [material({ validTo: now, description: 'of March' })] }),
  keyOf('f', expiring(1 / 48)),
  keyOf('0', { keySpec: 'HMAC_256', ...expiring(3) }),
  keyOf('1', { keySpec: 'HMAC_256', ...never }),
  keyOf('2', { keyState: 'PendingDeletion', deletionDate: inDays(2), ...expiring(1) }),
  keyOf('3', { aliases: ['alias/three'], ...expiring(1 / 24) }),
];
const known = [
  knownOf('c', { backups: [], hasUnopenedBackup: true }),
  knownOf('d', { keeper: 'payments HSM', backups: [] }),
  knownOf('3'),
];
const west = lookOf(
  [keyOf('4', { region: 'eu-west-1', notRead: ['tags'] }), keyOf('5', { region: 'eu-west-1', notRead: ['tags'] })],
  {
    region: 'eu-west-1',
  },
);
const many = found([lookOf(keys), west], known);
const problem = {
  kind: 'refused',
  what: "Can't look at the keys of eu-west-1.",
  why: 'No.',
  code: 'Denied',
  next: [],
} as const;
const half = found([
  { region: 'eu-west-1', problem },
  lookOf([], { hidden: 1 }),
  lookOf([keyOf('a', { notRead: ['materials'] }), keyOf('b', { notRead: ['materials'] })], { areAliasesHidden: true }),
]);
const unreadable = [{ path: '/home/me/keyferry-x', why: 'You are not allowed to.' }];
const calm = statusOf(undefined, [lookOf([keyOf('a')])], { keys: [knownOf('a')], unreadable }, period);

const inPractice: Where = { source: 'practice', endpointUrl: undefined };
const elsewhere: Where = { source: 'profile:my ops', endpointUrl: 'https://kms.test' };

const pages: Readonly<Record<string, string>> = {
  'many-80.txt': pageOf(many, { where: elsewhere }).join('\n'),
  'many-50.txt': pageOf(many, { columns: 50, where: inPractice }).join('\n'),
  'many-20.txt': pageOf(many, { columns: 20 }).join('\n'),
  'half.txt': pageOf(half).join('\n'),
  'calm.txt': pageOf(calm).join('\n'),
  'none.txt': pageOf(found([lookOf([]), west])).join('\n'),
  'many-json.txt': JSON.stringify(statusAsJson(many), undefined, 2),
  'half-json.txt': JSON.stringify(statusAsJson(half), undefined, 2),
  'calm-json.txt': JSON.stringify(statusAsJson(calm), undefined, 2),
};

for (const [name, page] of Object.entries(pages))
  test(`the status is shown as in ${name}`, (t) => {
    assertStored(t, `${page.replaceAll(process.cwd(), '/here')}\n`, new URL(`pages/${name}`, import.meta.url));
  });
