import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { assertOneOfEach } from '../crash/one-of-each.ts';
import { identity } from './identity.ts';
import { type Outside, outside } from './outside.ts';

/** What it says when it is continued with other arguments. */
async function refusal(
  ceremony: Outside,
  change: (args: string[]) => string[],
  { environment = {}, expected = 3 }: { environment?: NodeJS.ProcessEnv; expected?: number } = {},
): Promise<string> {
  const { status, stderr } = await ceremony.run(environment, change);
  assert.equal(status, expected, stderr);
  return stderr;
}

test('a ceremony goes on only where it was begun, and says both places', async () => {
  const ceremony = await outside();
  try {
    await ceremony.killedBefore('TrentService.CreateKey');
    const at = `at ${ceremony.cut.args[3]}`;
    const begun = 'begun with AWS \\(environment\\) in us-east-1';
    const here = { AWS_ENDPOINT_URL: ceremony.cut.args[3] ?? '' };
    const elsewhere = 'http://127.0.0.1:9';
    // The host of another endpoint would have to be an answer.
    const unconfirmed = { expected: 2 };
    const callsBefore = ceremony.calls().length;

    const region = await refusal(ceremony, (args) => [...args, '--region', 'eu-west-1']);
    assert.match(region, new RegExp(`${begun}; now it would be AWS \\(environment\\) in eu-west-1\\.`));
    const endpoint = await refusal(ceremony, (args) => args.with(3, 'http://127.0.0.1:9'), unconfirmed);
    assert.match(endpoint, new RegExp(`Until now it was ${at}; now it would be at http://127.0.0.1:9\\.`));
    const without = await refusal(ceremony, (args) => args.toSpliced(2, 2), unconfirmed);
    assert.match(without, new RegExp(`Until now it was ${at}; now it would be at AWS's own endpoints\\.`));
    assert.match(without, /start Keyferry again with --endpoint-url http/);
    // One service of another endpoint is another place; the same one by the environment is not, as the run below shows.
    const s3 = await refusal(ceremony, (args) => args.toSpliced(2, 2), {
      environment: { ...here, AWS_ENDPOINT_URL_S3: elsewhere },
      ...unconfirmed,
    });
    assert.match(s3, new RegExp(`now it would be .* \\(KMS\\), ${elsewhere} \\(S3\\), `));
    const source = await refusal(ceremony, (args) => [...args, '--practice']);
    assert.match(source, /now it would be practice AWS in us-east-1\./);
    assert.equal(ceremony.calls().length, callsBefore, 'nothing was sent');

    ceremony.decide((call) =>
      call === 'sts:GetCallerIdentity' ? { status: 200, body: identity('111122223333') } : undefined,
    );
    assert.match(
      await refusal(ceremony, (args) => args),
      /begun in account 000000000000; the credentials now are of account 111122223333\./,
    );
    ceremony.decide((call) =>
      call === 'sts:GetCallerIdentity' ? { status: 200, body: identity('000000000000', 'aws-cn') } : undefined,
    );
    assert.match(
      await refusal(ceremony, (args) => args),
      /begun in account 000000000000 \(aws\); the credentials now are of account 000000000000 \(aws-cn\)\./,
    );
    ceremony.decide(() => undefined);

    const { status, stderr } = await ceremony.run(here, (args) => args.toSpliced(2, 2));
    assert.equal(status, 0, stderr);
    await assertOneOfEach(ceremony.aws, ceremony.workdir);
  } finally {
    await ceremony.close();
  }
});

test('a damaged journal is told with its line, how far it had come and the key that it made; restored, it goes on', async () => {
  const ceremony = await outside();
  try {
    await ceremony.killedBefore('TrentService.ImportKeyMaterial');
    const path = join(ceremony.workdir, 'journal.jsonl');
    const whole = readFileSync(path, 'utf8');
    const lines = whole.trimEnd().split('\n');
    const keyArn = /"keyArn":"([^"]+)"/.exec(whole)?.[1] ?? '';
    const damage = lines.findIndex((line) => line.includes('"kind":"done","step":"secret-key"')) + 1;
    writeFileSync(path, lines.toSpliced(damage, 1).join('\n').concat('\n'));
    const { status, stderr } = await ceremony.run();
    assert.equal(status, 3);
    assert.match(stderr, new RegExp(`its journal is damaged at line ${damage + 1}\\.`));
    assert.match(stderr, /The lines before \d+ are whole: the last step that was done is "Secret key ready"\./);
    assert.ok(stderr.includes(`It made this KMS key: ${keyArn}`), stderr);
    assert.ok(stderr.includes(`aws kms describe-key --key-id ${keyArn}`));
    writeFileSync(path, whole);
    const restored = await ceremony.run();
    assert.equal(restored.status, 0, restored.stderr);
    await assertOneOfEach(ceremony.aws, ceremony.workdir);
  } finally {
    await ceremony.close();
  }
});
