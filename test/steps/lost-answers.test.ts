import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertOneOfEach } from '../crash/one-of-each.ts';
import { practise } from '../practice/practising.ts';
import { beginImport } from './ceremony.ts';

/* What these make, they make anew each time: only a look tells whether to send one again. */
const makers = ['kms:CreateKey', 'kms:CreateAlias', 'kms:ImportKeyMaterial', 's3:CreateBucket'];

for (const [name, fault] of [
  ['one answer 500', 'fail'],
  ['one connection that is cut before AWS acts', 'drop-before'],
  ['one connection that is cut after AWS has acted', 'drop-after'],
] as const) {
  test(`${name}, at each call that makes something: the ceremony finishes by itself, with one of each`, async (t) => {
    const faults = makers.map((operation) => ({ operation, do: fault, times: 1 }) as const);
    const practice = await practise(t, { settings: { faults } });
    const ceremony = await beginImport(t, { practice });
    await ceremony.upTo();
    for (const maker of makers) {
      const operation = maker.replace(/^\w+/, (service) => service.toUpperCase()).replace(':', '.');
      const met = ceremony.calls.find((call) => call.operation === operation);
      assert.ok(met?.error !== undefined, `${operation} met the fault`);
    }
    await assertOneOfEach(practice.server, ceremony.services.folder.path);
  });
}
