import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type TestContext, test } from 'node:test';
import { ListKeysCommand } from '@aws-sdk/client-kms';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { serve } from '../loopback-server.ts';
import { noLocalhost } from '../practice/no-localhost.ts';
import { practise } from '../practice/practising.ts';
import { clientsAt } from './clients-at.ts';

/** Something on loopback that refuses everything, and calls itself by this name in every answer to KMS. */
async function refusing(t: TestContext, nameToKms: string | undefined, host = '127.0.0.1'): Promise<string> {
  const server = createServer((request, answer) => {
    const isKms = request.headers['x-amz-target'] !== undefined;
    const name = isKms ? nameToKms : 'keyferry-practice';
    request.resume().on('end', () => {
      answer.writeHead(400, name === undefined ? {} : { server: name }).end('{"__type":"ValidationException"}');
    });
  });
  return (await serve(t, server, host)).endpoint;
}

for (const host of ['127.0.0.1', 'localhost']) {
  const skip = host === 'localhost' && noLocalhost;
  test(`practice AWS at ${host} is known by its answers, and not before there is one`, { skip }, async (t) => {
    const { server } = await practise(t);
    const endpoint = server.endpoint.replace('127.0.0.1', host);
    const clients = await clientsAt(t, endpoint, { keys: server.credentials });
    assert.equal(clients.answersAsPractice(), false);
    await clients.kms.send(new ListKeysCommand({}));
    assert.equal(clients.answersAsPractice(), true);
  });
}

test('its refusals tell it too', async (t) => {
  const clients = await clientsAt(t, await refusing(t, 'keyferry-practice'));
  await assert.rejects(clients.kms.send(new ListKeysCommand({})));
  assert.equal(clients.answersAsPractice(), true);
});

for (const name of [undefined, 'nginx']) {
  test(`what answers as ${name ?? 'nobody'} on this machine is not practice AWS, whatever else answers beside it`, async (t) => {
    const clients = await clientsAt(t, await refusing(t, name));
    await assert.rejects(clients.kms.send(new ListKeysCommand({})));
    assert.equal(clients.answersAsPractice(), false);
    await assert.rejects(clients.s3.send(new ListBucketsCommand({})));
    assert.equal(clients.answersAsPractice(), false);
  });
}

test('what calls itself practice AWS at another address is not taken for it', async (t) => {
  const endpoint = await refusing(t, 'keyferry-practice', '127.0.0.2');
  const clients = await clientsAt(t, endpoint);
  await assert.rejects(clients.kms.send(new ListKeysCommand({})), { name: 'ValidationException' });
  assert.equal(clients.answersAsPractice(), false);
});
