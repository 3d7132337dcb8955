import { constants } from 'node:os';

/** Errors that clients put around those of any service. Their names say nothing. */
const namelessErrors = new Set(
  (
    'ClientError UnknownError ServiceError ServiceException ClientException RuntimeException CompletionException ' +
    'ExecutionException SdkClientException SdkException SdkServiceException AwsServiceException AmazonClientException ' +
    'AmazonServiceException AmazonS3Exception AWSKMSException KmsException S3Exception StsException IamException'
  ).split(' '),
);

/**
 * Gives the words of a text that look like the name of an error. The caller uses them when it has recognised no error. When the
 * text has a name in a form of aws-cli, XML or JSON, gives that alone. When the text is one word, and no part of it looks like a
 * name, gives its parts that begin with a letter and have four characters or more.
 */
export function findErrorNames(text: string): readonly string[] {
  /** A name in one of the forms in which aws-cli, XML and JSON print it. */
  const printed = /An error occurred \(([\w.-]+)\)|<Code>([\w.]+)<|"__type"\s*:\s*"([\w.#]+)"/.exec(text);
  if (printed !== null) return [printed[1] ?? printed[2] ?? printed[3] ?? ''];
  const words = (text.match(/[A-Za-z][\w.-]{3,200}/g) ?? []).map((word) => word.replace(/[.-]{1,3}$/, ''));
  const names = words.map((word) => word.slice(word.lastIndexOf('.') + 1)).filter(isErrorName);
  if (names.length > 0) return [...new Set(names)];
  const isOneWord = /^\s*\S+\s*$/.test(text);
  return isOneWord ? [...new Set(words)] : [];
}

/** True for a word that ends as names of errors do, or is a code of the system; false for the {@link namelessErrors}. */
export function isErrorName(word: string): boolean {
  if (namelessErrors.has(word)) return false;
  return /^\w{1,60}(?:Exception|Error|Fault|Denied)$/.test(word) || Object.hasOwn(constants.errno, word);
}
