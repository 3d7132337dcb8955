/** The object identifiers of PKCS #7, `data` and `signedData`, without their last byte (RFC 2315). */
const pkcs7 = Buffer.from('06092a864886f70d0107', 'hex');
/** The version of PKCS #12: the INTEGER 3 (RFC 7292, section 4). */
const version3 = Buffer.from('020103', 'hex');

/** The longest file that may be a raw key, with a line break after it. */
const longestRaw = 34;

/**
 * Recognises bytes that are not a plain key by their beginning. Gives sentences that say what the bytes are, and what to do to
 * get the key; `undefined` when the beginning is that of no known format. A random key may have a short beginning by chance: so
 * such a beginning counts only when there are more bytes than a raw key and a line break have.
 */
export function explainFormat(bytes: Buffer): readonly string[] | undefined {
  if (isPkcs12(bytes)) return ['This is a PKCS #12 store (.p12 or .pfx).', takeFromStore];
  return formats.find(
    ({ beginning, canBeShort }) =>
      (canBeShort || bytes.length > longestRaw) && bytes.subarray(0, beginning.length).equals(beginning),
  )?.says;
}

type Format = {
  readonly beginning: Buffer;
  /** True when a file of this kind may be as short as a key. Such a beginning has eight bytes, so no random key has it. */
  readonly canBeShort: boolean;
  readonly says: readonly string[];
};

const takeFromStore = 'Take the key out first: KeyStore.getKey in Java gives its bytes. keytool cannot.';
const jceks = ['This is a Java keystore (JCEKS).', takeFromStore];
const jks = ['This is a Java keystore (JKS).', 'It holds private keys and certificates, and can hold no secret key.'];
const javaObject = [
  'This is a Java object, as ObjectOutputStream writes it.',
  'Take the key out first: SecretKey.getEncoded in Java gives its bytes.',
];
const archive = 'Unpack it first, then choose the key file in it.';

const formats: readonly Format[] = [
  // A magic number and the version, 1 or 2: com.sun.crypto.provider.JceKeyStore and sun.security.provider.JavaKeyStore. An empty
  // JKS keystore has exactly 32 bytes.
  ...['cececece00000001', 'cececece00000002'].map((hex) => makeFormat(hex, 'any length', jceks)),
  ...['feedfeed00000001', 'feedfeed00000002'].map((hex) => makeFormat(hex, 'any length', jks)),
  // `Salted__`: openssl enc with a password.
  makeFormat('53616c7465645f5f', 'any length', [
    'This file was encrypted with openssl enc: it begins with Salted__.',
    'Decrypt it first with openssl enc -d, then choose the decrypted file.',
  ]),
  // Java Object Serialization Specification, section 6.4.2: an object, or an array such as byte[].
  ...['aced000573', 'aced000575'].map((hex) => makeFormat(hex, 'longer than a key', javaObject)),
  makeFormat('504b0304', 'longer than a key', ['This is a ZIP archive.', archive]),
  makeFormat('1f8b08', 'longer than a key', ['This file is packed with gzip.', archive]),
];

function makeFormat(hex: string, files: 'any length' | 'longer than a key', says: readonly string[]): Format {
  return { beginning: Buffer.from(hex, 'hex'), canBeShort: files === 'any length', says };
}

/** Tells whether bytes begin as a PKCS #12 store, in DER or in BER: a SEQUENCE, the version 3, and a PKCS #7 content. */
function isPkcs12(bytes: Buffer): boolean {
  // In front of the version is only the head of a SEQUENCE; behind it, the head of another one and then the PKCS #7 identifier.
  const version = bytes.subarray(0, 12).indexOf(version3);
  return bytes[0] === 0x30 && version > 0 && bytes.subarray(version, version + 24).includes(pkcs7);
}
