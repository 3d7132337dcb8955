import assert from 'node:assert/strict';
import { linkSync, statSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { findKeptFile, listKeptFiles } from '../../source/steps/kept-files.ts';
import { newFolder } from '../new-folder.ts';
import { makeOfflineServicesFor } from '../offline-services.ts';

/** What a ceremony works with: a folder with a journal, and files beside it. */
function ceremonyFolder(t: TestContext) {
  const services = makeOfflineServicesFor(t);
  const { folder, journal } = services;
  journal.append({ kind: 'begun', ceremony: 'first-import', id: 'one', version: '1' });
  const outside = newFolder();
  const write = (name: string, place = folder.path) => {
    writeFileSync(join(place, name), name);
    return join(place, name);
  };
  return { services, journal, outside, write };
}

test('nothing that is or opens the secret key is sent: what this run was told, what answers named, what was there before', (t) => {
  const { services, journal, outside, write } = ceremonyFolder(t);
  const elsewhere = (name: string) => write(name, outside);
  for (const [step, answers] of [
    ['backup', { 'passphrase-file': elsewhere('passphrase'), identity: '' }],
    ['wrap', { identity: elsewhere('identity-of-wrap') }],
    ['describe-key', { identity: elsewhere('not-asked-here') }],
  ] as const)
    journal.append({ kind: 'answered', step, answers });
  journal.append({ kind: 'reopened', step: 'wrap' });
  for (const name of [
    'plain_text_aes_key.bin',
    'a.key.age',
    'a.key.age.unused-1',
    'journal-expiry.jsonl',
    'enc.aes.key',
    'record.md',
  ])
    write(name);
  services.secrets.files.add(elsewhere('told-to-this-run'));
  const source = elsewhere('my.key');
  const earlier = {
    objects: [],
    openingFiles: [elsewhere('opened-before')],
    copies: [elsewhere('brought-before'), join(outside, 'gone')],
  };
  const secret = { origin: 'file', bytes: 32, checkValue: { method: 'AES-CMAC', value: 'A1B2C3' }, source } as const;
  const kept = listKeptFiles({ secret }, { ...services, earlier });
  const opens = 'a file that opens the backup of your secret key';
  const taken = 'the file that your secret key was taken from';
  assert.deepEqual(Object.fromEntries(kept.map(({ realPath, is }) => [basename(realPath), is])), {
    'plain_text_aes_key.bin': 'your secret key',
    'my.key': taken,
    'brought-before': taken,
    'told-to-this-run': opens,
    passphrase: opens,
    'identity-of-wrap': opens,
    'opened-before': opens,
    'a.key.age': 'the backup of your secret key',
    'a.key.age.unused-1': 'the backup of your secret key',
    'journal.jsonl': 'the journal of this ceremony',
    'journal-expiry.jsonl': 'the journal of a ceremony',
  });
});

test('a kept file is known under any name, by a link of either kind, and when it was written again', (t) => {
  const { services, outside, write } = ceremonyFolder(t);
  const key = write('plain_text_aes_key.bin');
  const kept = listKeptFiles({}, services);
  const whatIs = (path: string) => findKeptFile(path, statSync(path, { bigint: true }), kept)?.is;
  const [hard, soft] = [join(outside, 'hard'), join(outside, 'soft')];
  linkSync(key, hard);
  symlinkSync(key, soft);
  for (const path of [key, hard, soft]) assert.equal(whatIs(path), 'your secret key', path);
  assert.equal(whatIs(write('other', outside)), undefined);
  // The file has another inode now, but the old one may be that of a file of somebody else.
  unlinkSync(key);
  write('plain_text_aes_key.bin');
  assert.equal(whatIs(key), 'your secret key');
});
