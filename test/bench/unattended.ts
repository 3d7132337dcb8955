import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { startPracticeAws } from '../../source/practice/server.ts';
import { answersFile, exampleWith, ofEnvironment } from '../e2e/answers.ts';
import { keyferry } from '../e2e/program.ts';
import { newFolder } from '../new-folder.ts';

const run = promisify(execFile);

/** The article's way, with the same calls that the ceremony makes: aws for AWS, openssl for the key. */
const byHand = `set -e
aws sts get-caller-identity > /dev/null
umask 077 && openssl rand -out plain_text_aes_key.bin 32
aws kms list-aliases > /dev/null
KEY=$(aws kms create-key --origin EXTERNAL --query KeyMetadata.KeyId --output text)
aws kms create-alias --alias-name alias/by-hand --target-key-id "$KEY"
aws kms get-parameters-for-import --key-id "$KEY" --wrapping-algorithm RSAES_OAEP_SHA_256 --wrapping-key-spec RSA_4096 --query '[PublicKey,ImportToken]' --output text > parameters.txt
cut -f1 parameters.txt | openssl base64 -d -A > wrapping.der
cut -f2 parameters.txt | openssl base64 -d -A > token.bin
openssl pkeyutl -encrypt -in plain_text_aes_key.bin -out enc.aes.key -inkey wrapping.der -keyform DER -pubin -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 -pkeyopt rsa_mgf1_md:sha256
aws kms import-key-material --key-id "$KEY" --encrypted-key-material fileb://enc.aes.key --import-token fileb://token.bin --expiration-model KEY_MATERIAL_DOES_NOT_EXPIRE
aws kms describe-key --key-id "$KEY" --query KeyMetadata.KeyState --output text > /dev/null
aws kms generate-data-key-without-plaintext --key-id "$KEY" --key-spec AES_256 --query CiphertextBlob --output text | openssl base64 -d -A > data-key.bin
aws kms decrypt --ciphertext-blob fileb://data-key.bin > /dev/null
aws s3 mb s3://by-hand-bucket > /dev/null
echo sample > sample.txt
aws s3 cp sample.txt s3://by-hand-bucket/ --sse aws:kms --sse-kms-key-id "$KEY" > /dev/null
aws s3api head-object --bucket by-hand-bucket --key sample.txt > /dev/null
aws s3 cp s3://by-hand-bucket/sample.txt - | cmp - sample.txt
`;

/** Times the unattended ceremony beside the same steps with aws-cli and openssl, against one practice AWS. */
export async function benchUnattended(): Promise<void> {
  if (spawnSync('aws', ['--version']).status !== 0) {
    console.log('unattended ceremony    skipped: no aws');
    return;
  }
  const aws = await startPracticeAws({ stateFolder: newFolder() });
  const { accessKeyId, secretAccessKey } = aws.credentials;
  const environment = {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  try {
    const folder = newFolder();
    const answers = answersFile(folder, exampleWith(ofEnvironment));
    const began = performance.now();
    const { status, stderr } = await keyferry(
      ['run', answers, '--endpoint-url', aws.endpoint, '--workdir', 'w'],
      folder,
      environment,
    );
    const ours = performance.now() - began;
    if (status !== 0) throw new Error(stderr);
    const cwd = newFolder();
    const handBegan = performance.now();
    await run('bash', ['-c', byHand], { cwd, env: { PATH: process.env.PATH, HOME: cwd, ...environment } });
    const hand = performance.now() - handBegan;
    console.log(
      `unattended ceremony    ${ours.toFixed(0)} ms; aws-cli and openssl ${hand.toFixed(0)} ms: ${(hand / ours).toFixed(1)} times as long (budget 10)`,
    );
  } finally {
    await aws.close();
  }
}
