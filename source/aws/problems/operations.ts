/**
 * For each operation, by its API name: what did not happen when it failed, and what is true after that. These sentences are
 * for pasted errors only. A step has sentences of its own.
 */
const operations: Readonly<Record<string, readonly [what: string, state: string]>> = {
  CreateKey: ['The KMS key was not made.', 'Nothing was made, and nothing is billed.'],
  CreateAlias: ['The alias was not made.', 'The key is as it was: without this alias it still has its id.'],
  UpdateAlias: ['The alias was not moved.', 'It points to the key that it pointed to before.'],
  DescribeKey: ['The key was not looked up.', 'Nothing was changed.'],
  GetKeyPolicy: ['The key policy was not read.', 'Nothing was changed.'],
  PutKeyPolicy: ['The key policy was not changed.', 'The policy from before holds.'],
  GetParametersForImport: ['No wrapping key and no import token came.', 'The key is as it was.'],
  ImportKeyMaterial: ['The material was not imported.', 'The key is as it was; your secret is unchanged.'],
  DeleteImportedKeyMaterial: ['The material was not deleted.', 'The key is as it was.'],
  RotateKeyOnDemand: ['The key was not rotated.', 'The current material stays in use.'],
  ScheduleKeyDeletion: ['The deletion was not scheduled.', 'The key is as it was.'],
  CancelKeyDeletion: ['The deletion was not cancelled.', 'It stays scheduled, if it was.'],
  ReplicateKey: ['The replica was not made.', 'The primary key is as it was.'],
  GenerateDataKey: ['No data key was made.', 'Nothing was encrypted.'],
  Encrypt: ['Nothing was encrypted.', 'The key is as it was.'],
  Decrypt: ['Nothing was decrypted.', 'What is encrypted stays as it is.'],
  CreateBucket: ['The bucket was not made.', 'Nothing was made.'],
  PutObject: ['The object was not uploaded.', 'An object of that name, if there was one, is as it was.'],
  CreateMultipartUpload: ['The upload did not begin.', 'An object of that name, if there was one, is as it was.'],
  UploadPart: ['A part was not uploaded.', 'The object does not exist yet; its other parts may be kept and billed.'],
  CompleteMultipartUpload: ['The upload was not completed.', 'Its parts may be kept and billed until it is aborted.'],
  GetObject: ['The object was not read.', 'It is as it was.'],
  HeadObject: ['The object was not looked up.', 'It is as it was.'],
  HeadBucket: ['The bucket was not looked up.', 'It is as it was.'],
  CopyObject: ['The object was not copied.', 'The source is as it was.'],
  UpdateObjectEncryption: ['The object was not put under the other key.', 'It stays under the key that it was under.'],
  PutBucketEncryption: ['The default encryption was not changed.', 'The setting from before holds.'],
  AssumeRole: ['The role was not assumed.', 'You are who you were.'],
  GetCallerIdentity: ['AWS did not say who you are.', 'Nothing was changed.'],
};

/** Gives the two sentences for an operation such as `ImportKeyMaterial`, or `undefined` when the operation is unknown. */
export function describeOperation(operation: string): { readonly what: string; readonly state: string } | undefined {
  const sentences = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
  return sentences === undefined ? undefined : { what: sentences[0], state: sentences[1] };
}
