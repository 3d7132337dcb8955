import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseAlias } from '../../source/steps/key-alias.ts';
import {
  checkNamedKey,
  findNamedKey,
  isKeyKnown,
  keyMissing,
  offerOtherKey,
  refuseOtherPlace,
} from '../../source/steps/named-key.ts';
import { answeringKms, refusal } from '../aws/answering-clients.ts';
import { connectionOf, keyOf } from '../known-facts.ts';
import { makeOfflineServices } from '../offline-services.ts';
import { problemOf } from './ceremony.ts';

const here = connectionOf('arn:aws:iam::000000000000:role/SecurityAdmin');
const id = '11111111-2222-4333-8444-555555555555';
const there = { KeyId: id };

/** A KMS that knows this key alone, under any name that is not `gone`, and may deny to look at it. */
function knowing(denied = false) {
  const asked: string[] = [];
  const kms = answeringKms((input) => {
    const { KeyId = '' } = input as { readonly KeyId?: string };
    asked.push(KeyId);
    if (denied) throw refusal('AccessDeniedException', 400);
    if (KeyId.includes('gone') || KeyId.startsWith('mrk-') || KeyId.endsWith('0'))
      throw refusal('NotFoundException', 400);
    return { KeyMetadata: there };
  });
  return { kms, asked };
}

test('a key of another Region or account is not asked for, and the reason is said', async () => {
  const { kms, asked } = knowing();
  assert.equal(
    await checkNamedKey(kms, `arn:aws:kms:eu-west-1:000000000000:key/${id}`, here),
    'That key is in eu-west-1; you are connected to us-east-1. Connect to eu-west-1 first.',
  );
  const elsewhere = `arn:aws:kms:us-east-1:111122223333:key/${id}`;
  assert.equal(
    await checkNamedKey(kms, elsewhere, here),
    'That key is in account 111122223333; you are connected to 000000000000. Only its own account imports material.',
  );
  assert.match(String(await checkNamedKey(kms, elsewhere, here, 'Say so.')), / 000000000000\. Say so\.$/);
  const alias = 'arn:aws-us-gov:kms:us-gov-west-1:000000000000:alias/a';
  assert.match(String(await checkNamedKey(kms, alias, here)), /^That key is in us-gov-west-1/);
  assert.deepEqual(asked, []);
  assert.deepEqual(await checkNamedKey(kms, elsewhere, undefined), there, 'the place is not known yet');
});

test('a key that is there is given by its id, its ARN or its alias', async () => {
  for (const wanted of [id, `arn:aws:kms:us-east-1:000000000000:key/${id}`, 'alias/a', 'a']) {
    const { kms, asked } = knowing();
    assert.deepEqual(await findNamedKey(kms, wanted, here), there);
    assert.deepEqual(asked, [wanted]);
  }
});

test('of a key that is not there that is said, and of a name alone how an alias is written', async () => {
  const words = (wanted: string) => checkNamedKey(knowing().kms, wanted, here);
  const none = (wanted: string) => `There is no key ${wanted} in this account and Region.`;
  assert.equal(await words('gone'), `${none('gone')} An alias is written alias/gone.`);
  for (const wanted of ['alias/gone', '11111111-2222-4333-8444-555555555550', `mrk-${'1'.repeat(32)}`])
    assert.equal(await words(wanted), none(wanted));
  const { what, why } = await problemOf(findNamedKey(knowing().kms, 'alias/gone', here));
  assert.deepEqual([what, why], ["Can't find the key alias/gone.", none('alias/gone')]);
});

test('where KMS refuses to show a key, its error is thrown, and nobody is told that the key is not there', async () => {
  const { kms } = knowing(true);
  await assert.rejects(checkNamedKey(kms, id, here), { name: 'AccessDeniedException' });
  await assert.rejects(findNamedKey(kms, id, here), { name: 'AccessDeniedException' });
});

test('another key can be chosen only where the key was asked for, beside what the problem offers already', () => {
  const retry = { action: 'retry', label: 'Try again' } as const;
  const problem = { kind: 'fixable', what: 'w', next: [], remedies: [retry] } as const;
  const other = { action: 'ask-again', label: 'Choose another key', question: 'key' };
  assert.deepEqual(offerOtherKey(problem, true).remedies, [retry, other]);
  assert.deepEqual(offerOtherKey({ kind: 'fixable', what: 'w', next: [] }, true).remedies, [other]);
  assert.equal(offerOtherKey(problem, false), problem);
  const services = makeOfflineServices();
  const recorded = { key: keyOf('k') };
  assert.equal(isKeyKnown(services), false);
  assert.equal(isKeyKnown({ ...services, recorded: {} }), false);
  assert.equal(isKeyKnown({ ...services, recorded }), true);
  assert.equal(isKeyKnown({ ...services, preset: { key: id } }), true);
  assert.deepEqual(
    [keyMissing('  '), keyMissing(''), keyMissing(id)].map((words) => words !== undefined),
    [true, true, false],
  );
});

test('a connection to another account or Region than that on record is refused, and any without a record is taken', async () => {
  refuseOtherPlace(here, undefined, 'w');
  refuseOtherPlace({ ...here, callerArn: 'arn:aws:iam::000000000000:user/b' }, here, 'w');
  for (const [change, place] of [
    [{ region: 'eu-west-1' }, 'account 000000000000, eu-west-1'],
    [{ accountId: '111122223333' }, 'account 111122223333, us-east-1'],
  ] as const) {
    const refuse = () => refuseOtherPlace({ ...here, ...change }, here, 'Nothing was done.');
    const { what, why, next, repeats } = await problemOf(refuse);
    assert.equal(what, 'Nothing was done.');
    assert.equal(why, `The key is in account 000000000000, us-east-1; this connection is to ${place}.`);
    assert.match(next[0] ?? '', /^Connect to account 000000000000, us-east-1, for example with --profile/);
    assert.equal(repeats, true);
  }
});

test('a key goes by the first alias that is preferred and that it has, else by the first of the alphabet', async () => {
  const denied = refusal('AccessDeniedException', 400);
  for (const [aliases, preferred, chosen] of [
    [['alias/z', 'alias/b'], [], 'alias/b'],
    [['alias/z', 'alias/b'], ['alias/z'], 'alias/z'],
    [['alias/z', 'alias/b'], [undefined, id, 'arn:aws:kms:us-east-1:000000000000:alias/z'], 'alias/z'],
    [['alias/z', 'alias/b'], ['alias/gone'], 'alias/b'],
    [['alias/z', 'alias/b', 'alias/y'], ['alias/gone', 'alias/y', 'alias/z'], 'alias/y'],
    [denied, [id, 'alias/x', 'alias/y'], 'alias/x'],
    [denied, [id, `arn:aws:kms:us-east-1:000000000000:key/${id}`], undefined],
    [[], ['alias/gone'], undefined],
  ] as const) {
    const kms = answeringKms(() =>
      aliases instanceof Error ? aliases : { Aliases: aliases.map((AliasName) => ({ AliasName })) },
    );
    assert.equal(await chooseAlias(kms, id, preferred), chosen);
  }
  const down = refusal('KMSInternalException', 500);
  await assert.rejects(
    chooseAlias(
      answeringKms(() => down),
      id,
      ['alias/x'],
    ),
    (error) => error === down,
  );
});
