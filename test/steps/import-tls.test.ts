import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { firstImport } from '../../source/ceremonies/first-import/first-import.ts';
import { reimportWrapped } from '../../source/ceremonies/reimport/reimport-wrapped.ts';
import { classicalTlsWarning, readImportTls, readSender, senderLine, tlsWords } from '../../source/steps/import-tls.ts';
import { makeAuthority, tlsFront } from '../aws/tls-front.ts';
import { connectionOf, endpointsWith } from '../known-facts.ts';
import { makeOfflineServicesFor, withClients } from '../offline-services.ts';
import { practise } from '../practice/practising.ts';
import { makeServices } from '../services.ts';
import { beginImport, RunningCeremony } from './ceremony.ts';
import { wrappedThere, wrapThere } from './wrap-there.ts';

const tls13 = { protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' };

const authority = makeAuthority();
const skip = authority === undefined ? 'no openssl' : false;

/** A first import whose uploads are for later, over TLS with these groups, or over plain HTTP without any. */
async function importedOver(t: TestContext, groups?: string): Promise<RunningCeremony> {
  const practice = await practise(t);
  const answers = { 'encrypt-objects': { where: 'later' } };
  if (groups === undefined) return beginImport(t, { practice, answers });
  return beginImport(t, { practice, answers, endpoint: await endpointOver(t, practice.server.endpoint, groups) });
}

/** Gives an endpoint that takes TLS with these groups, in front of practice AWS. */
async function endpointOver(t: TestContext, practiceEndpoint: string, groups: string): Promise<string> {
  assert.ok(authority !== undefined);
  setDefaultCACertificates([...getCACertificates('bundled'), readFileSync(authority.file, 'utf8')]);
  return `https://localhost:${await tlsFront(t, practiceEndpoint, authority, { groups })}`;
}

const tlsOf = ({ calls }: RunningCeremony) =>
  calls.flatMap(({ operation, tls }) => (tls === undefined ? [] : [[operation, tls] as const]));

const shownBy = ({ progress }: RunningCeremony) => progress.map(({ label }) => label).join('\n');

test('a classical key exchange of the import is recorded, and told with the reason', { skip }, async (t) => {
  const ceremony = await importedOver(t, 'X25519');
  const facts = await ceremony.upTo();
  const tls = { ...tls13, group: 'X25519', issuer: 'Inspection' };
  assert.deepEqual(tlsOf(ceremony), [
    ['KMS.GetParametersForImport', tls],
    ['KMS.ImportKeyMaterial', tls],
  ]);
  const told = /went over TLS with a classical key exchange, X25519\. Whoever recorded it may open it later/;
  assert.match(shownBy(ceremony), told);
  const { status, page } = await firstImport.conclude(facts, ceremony.services);
  assert.equal(status, 0);
  assert.match(page.lines.join('\n'), told);
  const { folder } = ceremony.services;
  const row = /\| Import sent over \| TLSv1\.3, X25519, TLS_AES_256_GCM_SHA384 \|/;
  assert.match(readFileSync(folder.file('record.md'), 'utf8'), row);
  const { calls } = JSON.parse(readFileSync(folder.file('record.json'), 'utf8'));
  assert.deepEqual(
    calls.flatMap((call: { tls?: object }) => call.tls ?? []),
    [tls, tls],
  );
});

test('a hybrid key exchange is recorded and no reason to warn; so is plain HTTP to practice AWS', {
  skip,
}, async (t) => {
  const hybrid = await importedOver(t, 'X25519MLKEM768');
  await hybrid.upTo('import');
  const [[, tls] = []] = tlsOf(hybrid);
  assert.equal(tls === 'none' ? '' : tls?.group, 'X25519MLKEM768');
  assert.match(shownBy(hybrid), /^It was sent over TLSv1\.3, X25519MLKEM768, /m);
  assert.doesNotMatch(shownBy(hybrid), /classical/);

  const plain = await importedOver(t);
  const facts = await plain.upTo();
  assert.deepEqual(tlsOf(plain), [
    ['KMS.GetParametersForImport', 'none'],
    ['KMS.ImportKeyMaterial', 'none'],
  ]);
  assert.doesNotMatch(shownBy(plain), /TLS|It was sent over/);
  const { page } = await firstImport.conclude(facts, plain.services);
  assert.doesNotMatch(page.lines.join('\n'), /TLS/);
  const record = readFileSync(plain.services.folder.file('record.md'), 'utf8');
  assert.match(record, /\| Import sent over \| plain HTTP, without TLS \|/);
});

test('an import from a file that was wrapped elsewhere tells its key exchange too', { skip }, async (t) => {
  const bytes = randomBytes(32);
  const answers = { 'secret-key': { origin: 'elsewhere', keeper: 'payments HSM' }, wrap: { file: wrappedThere } };
  const first = await beginImport(t, { answers: { ...answers, 'encrypt-objects': { where: 'later' } } });
  await first.upTo('wrapping-key');
  wrapThere(first, bytes);
  await first.upTo();
  const made = await makeServices(t, {
    practice: first.practice,
    path: first.services.folder.path,
    journalName: 'journal-reimport-wrapped-20261125T140200Z.jsonl',
    parts: { recorded: first.facts },
    endpoint: await endpointOver(t, first.practice.server.endpoint, 'X25519'),
  });
  const again = new RunningCeremony(made, reimportWrapped, { ...answers, 'import-wrapped': { expiry: 'keep' } });
  await again.upTo('wrapping-key');
  wrapThere(again, bytes);
  await again.upTo('import-wrapped');
  assert.match(
    shownBy(again),
    /^It was sent over TLSv1\.3, X25519, .*\n.* went over TLS with a classical key exchange/m,
  );
});

test('what to do about a classical key exchange depends on OpenSSL; what is not known is no warning', () => {
  const classical = { ...tls13, group: 'prime256v1' };
  assert.match(
    classicalTlsWarning(classical, '3.0.19')[1] ?? '',
    /^This Node has OpenSSL 3\.0\.19\. One with 3\.5 or newer/,
  );
  for (const version of ['3.5.0', '3.5.8', '4.0.1'])
    assert.match(
      classicalTlsWarning(classical, version)[1] ?? '',
      /^This Node offers X25519MLKEM768, and what answered/,
    );
  assert.deepEqual(classicalTlsWarning({ ...tls13, group: 'X25519MLKEM768' }, '3.0.19'), []);
  for (const unknown of [undefined, 'none', tls13] as const)
    assert.deepEqual(classicalTlsWarning(unknown, '3.0.19'), []);
});

test('of several imports the last one tells how it was sent, and of several wrapping keys the last one who sent it', (t) => {
  const services = withClients(
    t,
    { endpoints: endpointsWith({ kms: 'https://kms.corp.test:8443' }) },
    makeOfflineServicesFor(t),
  );
  const { journal } = services;
  assert.equal(readImportTls(services), undefined);
  assert.deepEqual(readSender(services), { host: 'kms.corp.test:8443' });
  const facts = {
    connection: { ...connectionOf('arn:aws:iam::000000000000:user/alice'), source: 'environment' },
  } as const;
  const call = (operation: string, tls: Parameters<typeof classicalTlsWarning>[0]) =>
    journal.append({ kind: 'call', operation: `KMS.${operation}`, ...(tls === undefined ? {} : { tls }) });
  call('GetParametersForImport', { ...tls13, issuer: 'First' });
  call('GetParametersForImport', { ...tls13, group: 'X25519', issuer: 'Second' });
  call('ImportKeyMaterial', { ...tls13, group: 'X25519' });
  call('ImportKeyMaterial', { ...tls13, group: 'X25519MLKEM768' });
  call('DescribeKey', undefined);
  assert.deepEqual(readImportTls(services), { ...tls13, group: 'X25519MLKEM768' });
  assert.deepEqual(readSender(services), { host: 'kms.corp.test:8443', issuer: 'Second' });
  assert.deepEqual(senderLine(facts, services), {
    label: 'kms.corp.test:8443 answered, with a certificate of Second',
    note: 'TLSv1.3, X25519, TLS_AES_256_GCM_SHA384: the whole proof of the key, because KMS does not sign it',
  });
  call('GetParametersForImport', tls13);
  assert.match(senderLine(facts, services).label, /, with a certificate of an authority without a name$/);
  call('GetParametersForImport', 'none');
  assert.deepEqual(readSender(services), { host: 'kms.corp.test:8443' });
  assert.deepEqual(senderLine(facts, services), { label: 'kms.corp.test:8443 answered, on this machine' });
  const practised = { connection: { ...facts.connection, practice: true } };
  assert.deepEqual(senderLine(practised, services), { label: 'Practice AWS answered, on this machine' });
  assert.match(tlsWords(tls13), /^TLSv1\.3, a key exchange that this Node does not name, TLS_AES/);
});
