import type { Lesson } from '../../ceremony/step.ts';
import type { KeyferryStep } from '../../steps/services.ts';
import type { StepId } from '../../steps/step-id.ts';

// Pages: KMS developer guide, "Step 2: Download the wrapping public key and import token", "Create a KMS key", "Default
// key policy"; KMS API reference, ImportKeyMaterial.

/** How the article and its video do each step of a first import, and what has changed since they were made. */
const lessons: Partial<Record<StepId, Lesson>> = {
  connect: {
    article: 'The note at the top: keys are specific to a Region',
    video: 'It begins with this note.',
    showed: 'The console showed the Region in the top right corner and the account nowhere near it.',
    shows:
      'Both are easy to miss in a browser. Here you learn the account, the Region and who you are before anything is made.',
  },
  'secret-key': {
    article: 'Generate the `Secret` Key',
    video: 'The first thing it does.',
    showed:
      'The article runs openssl rand or dd and gets plain_text_aes_key.bin, readable by whoever may read your files.',
    shows:
      'Keyferry draws on the same kind of random source and keeps the key in memory; the file is made where you ask for it. A file that you bring is checked.',
  },
  'describe-key': {
    article: 'AWS KMS GUI, 1 to 4: Create key, alias and description, External, "I understand"',
    video: 'After the secret key was made.',
    showed: 'One page: an alias, a description, the origin External under Advanced options, and a tick.',
    shows:
      'The console asks for the origin first and for the alias later. Keyferry looks whether the alias is free before anything is made.',
  },
  backup: {
    article: 'Not in the article: its only copy is plain_text_aes_key.bin',
    video: 'Not there: it makes no backup.',
    showed: 'The plain key stayed in a file that whoever reads it can use.',
    shows: 'Keyferry writes the copy in the age format. The age command opens it, without Keyferry.',
  },
  permissions: {
    article: 'AWS KMS GUI, 5 and 6: users of the key, administrators of the key',
    video: 'After "I understand" was ticked.',
    showed: 'Two lists of IAM users and roles with tick boxes.',
    shows: "The same two lists. You can also type an ARN, which the console's lists do not take.",
  },
  policy: {
    article: 'AWS KMS GUI, 7: Verify the key policy',
    video: 'After both lists of people.',
    showed: 'The policy as JSON, to be read and accepted.',
    shows:
      "The same policy, with the console's own names for its parts, so that the console can edit it later. Here it is a table first.",
  },
  'wrapping-key': {
    article: 'AWS KMS GUI, 8: Download the wrapping key, Choose RSAES_OAEP_SHA_1',
    video: 'After the policy was verified.',
    showed: 'A choice of algorithm and a zip file with the wrapping key, the import token and a text file.',
    shows:
      'The console recommends RSAES_OAEP_SHA_256 and a 4096-bit key. Its zip file holds WrappingPublicKey.bin, ImportToken.bin and README.txt. Here both parts are saved under the names of the article.',
  },
  wrap: {
    article: 'Wrap the `Secret` Key with `wrappingKey`',
    video: 'After the zip file was unpacked.',
    showed: 'openssl rsautl -encrypt -oaep, which always uses SHA-1.',
    shows:
      'rsautl is deprecated; pkeyutl does the same and can use SHA-256. Keyferry wraps in process and proves it first on a test pair.',
  },
  import: {
    article: 'Import Key material into KMS',
    video: 'After the secret key was wrapped.',
    showed: 'Upload enc.aes.key and the import token, choose the expiry date, Finish.',
    shows:
      'The same. The date is optional and at most 365 days away; material that does not expire is what most people want.',
  },
  prove: {
    article: 'Not in the article: it ends when the console says Enabled',
    video: 'Not there: it ends with the key Enabled.',
    showed: 'The first upload showed whether the key worked.',
    shows: 'The proof also tells the id of the material, by which you can check a copy of your secret later.',
  },
  'encrypt-objects': {
    article: 'Encrypt with Custom SSE-C in S3',
    video: 'Its end: an upload under the key.',
    showed: 'Upload an object to a bucket in the same Region and pick the key under Encryption.',
    shows:
      'This is called SSE-KMS today; SSE-C is another thing, and blocked in new buckets. Keyferry names the full key ARN and checks it.',
  },
  finish: {
    article: 'Not in the article: the plain key stays in the folder',
    video: 'Not there: the plain key stays where it is.',
    showed: 'plain_text_aes_key.bin stayed where it was made.',
    shows: 'Keep it in a safe place that is not this machine, or destroy it here once a copy exists.',
  },
};

/** Adds to a step the lesson that says how the tutorial does it. A step without a lesson stays unchanged. */
export function withLesson(step: KeyferryStep): KeyferryStep {
  const lesson = lessons[step.id];
  return lesson === undefined ? step : { ...step, lesson };
}
