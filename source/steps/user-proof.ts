import { installedCommand } from '../ceremony/own-command.ts';
import { quote } from '../ceremony/shell-word.ts';
import type { EquivalentCommand } from '../ceremony/step.ts';
import { awsCommand, keyArnVariable, onOneLine } from './aws-command-line.ts';
import { type Facts, isPractice, need } from './facts.ts';
import { userProofScript, userResultFile } from './file-names.ts';
import { placeFlags } from './place-flags.ts';
import type { Services } from './services.ts';
import { resultFormat } from './user-result.ts';

/**
 * Gives the commands with which a user of the key proves that it works, and writes the result to a file. They use that user's
 * own credentials, and run in one shell with bash, aws and openssl.
 */
export function userProofCommands(facts: Facts, services: Services): readonly EquivalentCommand[] {
  const asUser = factsOfUser(facts);
  const makeDataKey = awsCommand(asUser, services, 'kms generate-data-key-without-plaintext', {
    'key-id': keyArnVariable,
    'key-spec': 'AES_256',
    'encryption-context': 'purpose=keyferry-proof',
    query: 'CiphertextBlob',
    output: 'text',
  });
  const openDataKey = awsCommand(asUser, services, 'kms decrypt', {
    'key-id': keyArnVariable,
    'ciphertext-blob': 'fileb:///dev/stdin',
    'encryption-context': 'purpose=keyferry-proof',
    query: 'KeyMaterialId',
    output: 'text',
  });
  const nameCaller = awsCommand(asUser, services, 'sts get-caller-identity', { query: 'Arn', output: 'text' });
  const json = `{"format":"${resultFormat}","keyArn":"%s","keyMaterialId":"%s","openedBy":"%s","openedAt":"%s","dataKey":"%s"}\\n`;
  const steps = [
    { says: 'Name the key', shell: `KEY_ARN=${quote(need(facts, 'key').keyArn)}` },
    { says: 'Make an encrypted data key', shell: `DATA_KEY=$(${makeDataKey})` },
    {
      says: 'Open it again, and see which material did',
      shell: `MATERIAL=$(printf %s "$DATA_KEY" | openssl base64 -d -A | ${openDataKey})`,
    },
    { says: 'See who you are', shell: `CALLER=$(${nameCaller})` },
    {
      says: `Write ${userResultFile}`,
      shell: `printf '${json}' \\\n  "$KEY_ARN" "$MATERIAL" "$CALLER" "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$DATA_KEY" > ${userResultFile}`,
    },
  ];
  return steps.map((command) => ({ ...command, isForOther: true }));
}

/** Gives the commands with which a user of the key uploads files under it, from another machine. */
export function userUploadCommands(facts: Facts, services: Services): readonly EquivalentCommand[] {
  const { keyArn } = need(facts, 'key');
  const connection = need(facts, 'connection');
  const asUser = factsOfUser(facts);
  const flags = placeFlags(asUser.connection, connection.endpoint);
  const upload = awsCommand(asUser, services, 's3 cp FILE s3://BUCKET/', {
    sse: 'aws:kms',
    'sse-kms-key-id': keyArn,
  });
  return [
    {
      says: 'Upload a file under the key, read it back and compare it, with Keyferry',
      shell: installedCommand('encrypt', 'FILE', '--to', 's3://BUCKET', '--key', keyArn, ...flags),
      isForOther: true,
    },
    { says: 'Or with the aws command alone', shell: upload, isForOther: true },
  ];
}

/**
 * Gives the text of the file that a user of the key gets: a bash script that proves the key, and the commands for uploads as
 * comments.
 */
export function userProofText(facts: Facts, services: Services): string {
  const { alias, keyArn } = need(facts, 'key');
  const connection = need(facts, 'connection');
  const name = alias === need(facts, 'key').keyId ? keyArn : alias;
  const toComment = (text: string) => text.split('\n').map((line) => `# ${line}`);
  const lines = [
    '#!/usr/bin/env bash',
    ...toComment(
      `For a user of the KMS key ${name}: proves that the key works.\nIt makes a data key, opens it again, and writes ${userResultFile} here.\nThat takes bash, aws and openssl, and kms:GenerateDataKeyWithoutPlaintext and kms:Decrypt.\nNothing in these two files is secret. Run it with: bash ${userProofScript}`,
    ),
    ...(isPractice(connection) ? toComment(practiceLine(facts, services)) : []),
    'set -euo pipefail',
    ...(connection.endpoint === undefined ? [] : [`export AWS_ENDPOINT_URL=${quote(connection.endpoint)}`]),
    ...userProofCommands(facts, services).flatMap(({ says, shell }) => ['', ...toComment(says), shell]),
    `echo ${quote(`Written: ${userResultFile}. Send it to whoever gave you ${userProofScript}.`)}`,
    '',
    ...userUploadCommands(facts, services).flatMap(({ says, shell }) => toComment(`${says}:\n  ${onOneLine(shell)}`)),
  ];
  return `${lines.join('\n')}\n`;
}

/** Says how to reach practice AWS with credentials, for the commands of a user. */
function practiceLine(facts: Facts, { practiceState }: Services): string {
  return need(facts, 'connection').source === 'practice'
    ? `For practice AWS, first paste the lines that this prints: ${installedCommand('practice-aws', '--state', practiceState)}`
    : 'This is practice AWS: first paste the lines that keyferry practice-aws has printed.';
}

/**
 * Gives the connection of a user of the key: the same Region, with the credentials of that user's own environment; the practice AWS
 * that Keyferry starts stays the source.
 */
function factsOfUser(facts: Facts) {
  const { source, region } = need(facts, 'connection');
  return { connection: { source: source === 'practice' ? source : 'environment', region } } as const;
}
