import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import { practiceAws } from '../../source/commands/practice-aws.ts';

function output() {
  const lines: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const write = (text: string) => {
    lines.push(text);
    resolve();
  };
  return { stream: { write }, text: () => lines.join(''), written: promise };
}

test('the command prints what another client needs, serves it, and stops cleanly', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'practice-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const [stdout, stderr] = [output(), output()];
  const stop = new AbortController();
  const running = practiceAws(
    { port: 0, state: path.join(folder, 'state') },
    { stdout: stdout.stream, stderr: stderr.stream, signal: stop.signal },
  );
  await stdout.written;
  const variables = Object.fromEntries(
    [...stdout.text().matchAll(/^export (\w+)=(.+)$/gm)].map(([, name, value]) => [name, value]),
  ) as Record<string, string>;
  assert.deepEqual(Object.keys(variables).sort(), [
    'AWS_ACCESS_KEY_ID',
    'AWS_DEFAULT_REGION',
    'AWS_EC2_METADATA_DISABLED',
    'AWS_ENDPOINT_URL',
    'AWS_REGION',
    'AWS_SECRET_ACCESS_KEY',
    'AWS_SESSION_TOKEN',
  ]);
  const client = new KMSClient({
    region: variables.AWS_REGION ?? '',
    endpoint: variables.AWS_ENDPOINT_URL ?? '',
    credentials: {
      accessKeyId: variables.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: variables.AWS_SECRET_ACCESS_KEY ?? '',
      sessionToken: variables.AWS_SESSION_TOKEN ?? '',
    },
  });
  assert.deepEqual((await client.send(new ListKeysCommand({}))).Keys, []);
  assert.match(stderr.text(), /Ctrl\+C/);
  stop.abort();
  assert.equal(await running, 0);
});

test('a port that is taken and a folder that cannot be used end with one line and status 2', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'practice-'));
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.once('listening', resolve));
  t.after(() => {
    other.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const { port } = other.address() as AddressInfo;
  writeFileSync(path.join(folder, 'file'), '');
  const rows = [
    [{ port, state: path.join(folder, 'state') }, new RegExp(`^Port ${port} is taken\\. .*--port\\.\\n$`)],
    [{ port: 0, state: path.join(folder, 'file') }, /^The state folder .*file cannot be used: .* --state\.\n$/],
  ] as const;
  for (const [options, line] of rows) {
    const [stdout, stderr] = [output(), output()];
    const io = { stdout: stdout.stream, stderr: stderr.stream, signal: new AbortController().signal };
    assert.equal(await practiceAws(options, io), 2);
    assert.match(stderr.text(), line);
    assert.equal(stdout.text(), '');
  }
});
