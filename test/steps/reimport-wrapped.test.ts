import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { type TestContext, test } from 'node:test';
import { reimportWrapped } from '../../source/ceremonies/reimport/reimport-wrapped.ts';
import type { Answers } from '../../source/ceremony/question.ts';
import { materialState } from '../../source/steps/material-awaited.ts';
import { setControl } from '../practice/practising.ts';
import { makeServices } from '../services.ts';
import { beginImport, beginReimport, problemOf, RunningCeremony, refusalOf } from './ceremony.ts';
import { loseMaterial, materialsOf, recipient, rotated, stateOf } from './lost-material.ts';
import { wrappedThere, wrapThere } from './wrap-there.ts';

/* Material of a key that an HSM keeps comes back: the HSM wraps the same key again. */

/** A finished first import of these bytes, which only an HSM has. */
async function imported(t: TestContext, bytes: Buffer, more: Answers = {}): Promise<RunningCeremony> {
  const answers = {
    'secret-key': { origin: 'elsewhere', keeper: 'payments HSM', ...more },
    wrap: { file: wrappedThere },
  };
  const ceremony = await beginImport(t, { answers });
  await ceremony.upTo('wrapping-key');
  wrapThere(ceremony, bytes);
  await ceremony.upTo();
  return ceremony;
}

/** A reimport from a wrapped file, up to where the file is wanted. */
async function begin(
  t: TestContext,
  { services, practice, facts }: RunningCeremony,
  answers: Answers = { expiry: 'keep' },
): Promise<RunningCeremony> {
  const made = await makeServices(t, {
    practice,
    path: services.folder.path,
    journalName: 'journal-reimport-wrapped-20261125T140200Z.jsonl',
    parts: { recorded: facts },
  });
  const all = { wrap: { file: wrappedThere }, 'import-wrapped': answers };
  const ceremony = new RunningCeremony(made, reimportWrapped, all);
  await ceremony.upTo('wrapping-key');
  return ceremony;
}

test('material of a key elsewhere comes back from a file that its keeper wraps again, and old data is opened', async (t) => {
  const bytes = randomBytes(32);
  const first = await imported(t, bytes);
  await loseMaterial(first);
  const ceremony = await begin(t, first);
  // What the HSM could do at the first import is offered first.
  const [wrapping] = ceremony.questionsOf('wrapping-key');
  assert.equal(wrapping?.kind === 'choice' && wrapping.default, 'RSAES_OAEP_SHA_256 RSA_2048');
  const { what, why } = await problemOf(ceremony.upTo());
  assert.equal(what, "Can't take this wrapped file again.");
  assert.match(why ?? '', /^It was there before this wrapping key was fetched/);
  wrapThere(ceremony, bytes);
  const { broughtBack, proof } = await ceremony.upTo();
  assert.equal(await stateOf(first), 'Enabled');
  const [material] = broughtBack?.materials ?? [];
  assert.equal(material?.keyMaterialId, first.facts.imported?.keyMaterialId);
  assert.deepEqual([material?.wasThere, material?.checkValue], [false, undefined]);
  assert.equal(proof?.keyMaterialId, first.facts.imported?.keyMaterialId);
  const page = readFileSync(ceremony.services.folder.file('record-reimport-wrapped-20261125T140200Z.md'), 'utf8');
  assert.match(page, /not seen here \| `mine\.bin`/);
  const closing = await reimportWrapped.conclude(ceremony.facts, ceremony.services);
  assert.match(JSON.stringify(closing.page), /came back from mine\.bin \(wrapped elsewhere\)/);
});

test('a key that lacks several materials is refused, because a wrapped file holds one', async (t) => {
  const first = await imported(t, randomBytes(32));
  await rotated(first, recipient);
  const ids = (await materialsOf(first)).map(({ KeyMaterialId }) => KeyMaterialId);
  assert.equal(ids.length, 2);
  for (const id of ids) await loseMaterial(first, id);
  const { what, why, code } = await problemOf(begin(t, first));
  assert.equal(what, "Can't bring material back from a wrapped file: more than one material is missing.");
  assert.match(why ?? '', /is PendingImport: 2 of its materials are missing, and a wrapped file holds one\.$/);
  assert.equal(code, 'PendingImport');
});

test('a file that holds another key is refused by KMS, changes nothing, and the right one is taken after it', async (t) => {
  const bytes = randomBytes(32);
  const first = await imported(t, bytes);
  await loseMaterial(first);
  const ceremony = await begin(t, first);
  wrapThere(ceremony, randomBytes(32));
  const { what, state, next } = await problemOf(ceremony.upTo());
  assert.equal(what, 'The material was not brought back: another key is in the wrapped file.');
  assert.equal(state, 'Nothing was changed.');
  assert.deepEqual(next, ['Let payments HSM wrap the key that was imported, and give that file.']);
  assert.equal(await stateOf(first), 'PendingImport');
  wrapThere(ceremony, bytes);
  await ceremony.upTo(undefined, 'wrap');
  assert.equal(await stateOf(first), 'Enabled');
});

test('material that is there gets another expiry from a wrapped file', async (t) => {
  const bytes = randomBytes(32);
  const first = await imported(t, bytes);
  const ceremony = await begin(t, first, { expiry: 'date', 'valid-to': '30d' });
  assert.equal(materialState(ceremony.facts), 'The KMS key has the material that it had');
  wrapThere(ceremony, bytes);
  const { broughtBack } = await ceremony.upTo();
  assert.equal(broughtBack?.materials[0]?.wasThere, true);
  assert.notEqual(broughtBack?.materials[0]?.validTo, null);
  assert.match(ceremony.receiptOf('import-wrapped'), /^Material imported again: .* expires at /);
});

test('an import whose answer was lost is found by a new expiry, and sent again where the old one stays', async (t) => {
  const bytes = randomBytes(32);
  const first = await imported(t, bytes);
  const again = async (fault: 'drop-before' | 'drop-after', answers: Answers) => {
    const ceremony = await begin(t, first, answers);
    wrapThere(ceremony, bytes);
    setControl(first.practice, { faults: [{ operation: 'kms:ImportKeyMaterial', do: fault, times: 1 }] });
    const { broughtBack } = await ceremony.upTo();
    ceremony.services.journal.close();
    rmSync(ceremony.services.journal.path);
    return [ceremony.countOf('KMS.ImportKeyMaterial'), broughtBack?.materials.length];
  };
  assert.deepEqual(await again('drop-after', { expiry: 'date', 'valid-to': '30d' }), [1, 1]);
  assert.deepEqual(await again('drop-before', { expiry: 'keep' }), [2, 1]);
});

test('a reimport from copies says that the key is elsewhere, and how a wrapped file is given', async (t) => {
  const first = await imported(t, randomBytes(32));
  await loseMaterial(first);
  const ceremony = await beginReimport(t, first);
  await ceremony.upTo('find-key');
  const copies = ceremony.questionsOf('bring-back', { expiry: 'keep' }).find(({ id }) => id === 'backups');
  assert.ok(copies?.kind === 'many');
  assert.equal(copies.looksIn, `the folders ${ceremony.services.folder.path} and ${process.cwd()}`);
  assert.match(copies.help ?? '', /^The key is with payments HSM\. .*: keyferry reimport-wrapped --workdir /);
  assert.match(await refusalOf(ceremony.upTo()), /bring-back\.backups/);
});
