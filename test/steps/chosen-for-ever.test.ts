import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { CreateAliasCommand, DescribeKeyCommand, ListKeysCommand, ListResourceTagsCommand } from '@aws-sdk/client-kms';
import { GetBucketTaggingCommand } from '@aws-sdk/client-s3';
import { externalKey, practise } from '../practice/practising.ts';
import { beginImport, problemOf } from './ceremony.ts';

const tags = ['team=payments', 'note = a b c'];
const wanted = [
  { key: 'team', value: 'payments' },
  { key: 'note', value: 'a b c' },
];

/** An account that lets nobody make a key or a bucket without the tag `team`, or with other tags than these. */
const tagPolicy = {
  policies: {
    SecurityAdmin: [
      {
        Statement: [
          { Effect: 'Allow', NotAction: 'kms:TagResource', Resource: '*' },
          {
            Effect: 'Deny',
            Action: ['kms:CreateKey', 's3:TagResource'],
            Resource: '*',
            Condition: { StringNotEquals: { 'aws:RequestTag/team': 'payments' } },
          },
          {
            Effect: 'Allow',
            Action: 'kms:TagResource',
            Resource: '*',
            Condition: { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['keyferry:ceremony', 'team', 'note'] } },
          },
        ],
      },
    ],
  },
};

test('a multi-Region key with tags of its own, in an account that wants them, is made and recorded', async (t) => {
  const practice = await practise(t, { settings: tagPolicy });
  const ceremony = await beginImport(t, { practice });
  const { why } = await problemOf(ceremony.upTo('policy'));
  assert.match(why ?? '', /not authorized to perform: kms:CreateKey .* with an explicit deny/);

  ceremony.answer('describe-key', { tags: [...tags, 'extra=1'] });
  const other = await problemOf(ceremony.upTo('policy', 'describe-key'));
  assert.match(other.why ?? '', /may not kms:TagResource/);

  ceremony.answer('describe-key', { tags, 'multi-region': true });
  await ceremony.upTo('policy', 'describe-key');
  const commands = ceremony.commandsOf('policy').join('\n');
  assert.match(commands, /--multi-region \\\n/);
  assert.match(commands, /\{"TagKey":"team","TagValue":"payments"\},\{"TagKey":"note","TagValue":"a b c"\}\]/);
  const { key, objects, people } = await ceremony.upTo();
  assert.deepEqual(people?.test, { tested: true, missing: [] });
  assert.match(key?.keyId ?? '', /^mrk-[0-9a-f]{32}$/);
  const kms = practice.kms();
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: key?.keyId }));
  assert.equal(KeyMetadata?.MultiRegionConfiguration?.MultiRegionKeyType, 'PRIMARY');
  assert.equal(KeyMetadata?.KeyState, 'Enabled');
  const { Tags = [] } = await kms.send(new ListResourceTagsCommand({ KeyId: key?.keyId }));
  assert.deepEqual(
    Tags.filter(({ TagKey }) => TagKey !== 'keyferry:ceremony').map(({ TagKey, TagValue }) => [TagKey, TagValue]),
    [
      ['note', 'a b c'],
      ['team', 'payments'],
    ],
  );
  assert.equal(Tags.length, 3);
  const { TagSet } = await practice.s3().send(new GetBucketTaggingCommand({ Bucket: objects?.bucket }));
  assert.deepEqual(
    TagSet,
    wanted.map(({ key: Key, value: Value }) => ({ Key, Value })),
  );
  assert.match(ceremony.commandsOf('encrypt-objects').join('\n'), / --tags team payments --tags note 'a b c'/);
  const read = (name: string) => readFileSync(ceremony.services.folder.file(name), 'utf8');
  assert.deepEqual(JSON.parse(read('record.json')).key.choices, { tags: wanted, isMultiRegion: true });
  assert.match(read('record.md'), /^\| Tags \| team = payments<br>note = a b c \|$/m);
  assert.match(read('record.md'), /^\| Kind, for ever \| SYMMETRIC_DEFAULT, multi-Region primary key \|$/m);
});

test('a key of an earlier try gets the tags as they are now; its kind cannot change, which is told', async (t) => {
  const practice = await practise(t);
  const kms = practice.kms();
  await kms.send(new CreateAliasCommand({ AliasName: 'alias/taken', TargetKeyId: await externalKey(kms) }));
  const ceremony = await beginImport(t, {
    practice,
    answers: { 'describe-key': { tags: ['team=payments', 'old=x'] } },
  });
  await ceremony.upTo('permissions');
  await kms.send(new CreateAliasCommand({ AliasName: 'alias/my-first-key', TargetKeyId: await externalKey(kms) }));
  await problemOf(ceremony.upTo('policy'));
  ceremony.answer('describe-key', { alias: 'alias/other', 'multi-region': true });
  const { what, why } = await problemOf(ceremony.upTo('policy', 'describe-key'));
  assert.equal(what, 'The key cannot be changed into what you ask for now.');
  assert.match(why ?? '', /made \S+ as a single-Region key, and that is decided for ever\.$/);
  ceremony.answer('describe-key', { 'multi-region': false, tags: ['team=invoices', 'new=y'] });
  const { key } = await ceremony.upTo('policy', 'describe-key');
  const { Tags = [] } = await kms.send(new ListResourceTagsCommand({ KeyId: key?.keyId }));
  assert.deepEqual(
    Tags.flatMap(({ TagKey, TagValue }) => (TagKey === 'keyferry:ceremony' ? [] : [`${TagKey}=${TagValue}`])),
    ['new=y', 'team=invoices'],
  );
  // Two that others made, and one of this ceremony.
  assert.equal((await kms.send(new ListKeysCommand({}))).Keys?.length, 3);
});

test('what stays for ever is said where it is asked', async (t) => {
  const ceremony = await beginImport(t);
  await ceremony.upTo('secret-key');
  const question = ceremony.questionsOf('describe-key').find(({ id }) => id === 'multi-region');
  assert.ok(question?.kind === 'confirm');
  assert.equal(question.default, false);
  assert.match(question.help ?? '', /^This is decided for ever, as is the kind of the key, SYMMETRIC_DEFAULT\.$/m);
});
