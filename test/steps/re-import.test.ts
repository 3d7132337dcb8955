import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { type TestContext, test } from 'node:test';
import type { Answers } from '../../source/ceremony/question.ts';
import { SecretBytes } from '../../source/material/secret-bytes.ts';
import type { BackupCheck } from '../../source/steps/check-facts.ts';
import type { Imported } from '../../source/steps/facts.ts';
import { reImport } from '../../source/steps/re-import.ts';
import { answeringKms, refusal } from '../aws/answering-clients.ts';
import { foreverImported, keyOf } from '../known-facts.ts';
import { actingIn, breakWrapping, parametersToImport } from './acting.ts';
import { problemOf } from './ceremony.ts';

const parameters = parametersToImport();
const march = '2027-03-01T11:59:00.000Z';
const keyMaterialId = foreverImported.keyMaterialId;

type Given = {
  readonly check?: Partial<BackupCheck>;
  readonly imported?: Partial<Imported>;
  readonly answers?: Answers;
  /** The error of the import; without one, KMS takes it. */
  readonly error?: Error;
};

/** The step that asks KMS about a backup, with its key at hand. */
function asking(t: TestContext, { check, imported, answers = { proceed: 'import' }, error }: Given = {}) {
  const sent: object[] = [];
  const calls: string[] = [];
  const kms = answeringKms((input, command) => {
    calls.push(command);
    if (command === 'GetParametersForImport') return parameters;
    if (command === 'ImportKeyMaterial') {
      sent.push(input);
      return error ?? {};
    }
    const ValidTo = check?.validTo === march ? { ValidTo: new Date(march) } : {};
    return {
      Rotations: [{ KeyMaterialId: keyMaterialId, KeyMaterialState: 'CURRENT', ImportState: 'IMPORTED', ...ValidTo }],
    };
  });
  const acting = actingIn(t, {
    step: 're-import',
    kms,
    answers,
    facts: {
      secret: { origin: 'elsewhere', keeper: 'the HSM' },
      key: keyOf('k'),
      imported: { ...foreverImported, ...imported },
      check: {
        ...{ file: '/home/me/my.key.age', by: 'passphrase', sha256: '', recorded: true, keyState: 'Enabled' },
        ...{ validTo: null, materialDescription: 'a description' },
        ...check,
      },
    },
  });
  const key = SecretBytes.takeFrom(randomBytes(32));
  const bytes = key.use((each) => each);
  acting.services.secrets.holdKey(key);
  return { ...acting, sent, calls, bytes, act: () => reImport.act(acting.context) };
}

test('the import that asks KMS has the expiry and the description that the material has, so that both stay', async (t) => {
  for (const validTo of [null, march]) {
    const { act, sent } = asking(t, { check: { validTo } });
    const { answer } = await act();
    const { EncryptedKeyMaterial, ...request } = sent[0] as { EncryptedKeyMaterial: Uint8Array };
    assert.equal(EncryptedKeyMaterial.length, 512);
    assert.deepEqual(request, {
      KeyId: 'k',
      ImportToken: parameters.ImportToken,
      ImportType: 'EXISTING_KEY_MATERIAL',
      KeyMaterialId: keyMaterialId,
      KeyMaterialDescription: 'a description',
      ExpirationModel: validTo === null ? 'KEY_MATERIAL_DOES_NOT_EXPIRE' : 'KEY_MATERIAL_EXPIRES',
      ...(validTo === null ? {} : { ValidTo: new Date(validTo) }),
    });
    assert.deepEqual([answer?.same, answer?.found], [true, validTo ?? 'never']);
  }
});

test('what KMS says of the backup is told; its key is zero then, and the expiry is read only where KMS took it', async (t) => {
  const other = refusal('IncorrectKeyMaterialException', 400);
  for (const [given, isSame, last, isRead] of [
    [{}, true, 'KMS took it: the same key', true],
    [{ error: other }, false, 'KMS refused it: another key', false],
    [{ imported: { keyMaterialId: '' } }, true, 'KMS took it: the same key', false],
  ] as const) {
    const { act, calls, reports, services, bytes } = asking(t, given);
    const facts = await act();
    assert.equal(facts.answer?.same, isSame);
    assert.equal(calls.includes('ListKeyRotations'), isRead);
    assert.equal(facts.answer !== undefined && 'found' in facts.answer, isRead);
    assert.equal(reports.at(-1)?.label, last);
    assert.equal(services.secrets.key, undefined);
    assert.ok(bytes.every((byte) => byte === 0));
  }
});

test('only a key that is Disabled and that the person wants so is disabled again', async (t) => {
  for (const [keyState, proceed, isToDisable] of [
    ['Disabled', 'import', true],
    ['Disabled', 'leave-enabled', false],
    ['Enabled', 'import', false],
  ] as const)
    assert.equal((await asking(t, { check: { keyState }, answers: { proceed } }).act()).toDisable, isToDisable);
});

test('where KMS gives another error, the person is told that the key has what it had, and the backup stays open', async (t) => {
  const { act, services } = asking(t, { error: refusal('AccessDeniedException', 400) });
  const { what, state } = await problemOf(act());
  assert.equal(what, 'KMS did not answer whether the backup is the key.');
  assert.equal(state, 'The key has the material that it had.');
  assert.notEqual(services.secrets.key, undefined);
});

test('before the import it is said what it leaves in CloudTrail, what happens to a Disabled key, and until when the material stays', (t) => {
  const helpOf = (check: Partial<BackupCheck>) => {
    const { context } = asking(t, { check });
    const [, proceed] = reImport.questions(context);
    assert.ok(proceed?.kind === 'choice' && Array.isArray(proceed.options));
    return { help: proceed.help ?? '', values: proceed.options.map(({ value }) => value) };
  };
  const enabled = helpOf({});
  assert.match(
    enabled.help,
    /^CloudTrail has DescribeKey .* gets GetParametersForImport and ImportKeyMaterial\. Alarms/,
  );
  assert.match(enabled.help, /\nIt does not expire now and will not\./);
  assert.deepEqual(enabled.values, ['import', 'send-nothing']);
  const disabled = helpOf({ keyState: 'Disabled', validTo: march });
  assert.match(disabled.help, /^The key is Disabled\. An import enables it.*ImportKeyMaterial, DisableKey\. Alarms/s);
  assert.match(disabled.help, /It still expires at 2027-03-01 11:59 UTC\./);
  assert.deepEqual(disabled.values, ['import', 'leave-enabled', 'send-nothing']);
});

test('nobody is asked to agree before the backup can be opened', (t) => {
  const { context, services } = asking(t);
  services.secrets.forget();
  const idsWith = (answers: Answers) => reImport.questions({ ...context, answers }).map(({ id }) => id);
  const [first = '', ...more] = idsWith({});
  assert.deepEqual(more, []);
  assert.deepEqual(idsWith({ [first]: 'given' }), [first, 'proceed']);
});

test('where wrapping cannot be proven, the key from the backup is not sent', async (t) => {
  breakWrapping(t);
  const { act, calls } = asking(t);
  const { kind, state } = await problemOf(act());
  assert.deepEqual([kind, state], ['ours', 'Your key has not been wrapped and nothing was sent to AWS.']);
  assert.deepEqual(calls, []);
});

test('how the import was sent is told', async (t) => {
  const { act, journal, reports } = asking(t);
  const tls = { protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384', group: 'X25519MLKEM768' };
  journal.append({ kind: 'call', operation: 'KMS.ImportKeyMaterial', tls });
  await act();
  assert.ok(reports.some(({ label }) => label === 'It was sent over TLSv1.3, X25519MLKEM768, TLS_AES_256_GCM_SHA384'));
});
