import type { Question } from '../ceremony/question.ts';
import { quote } from '../ceremony/shell-word.ts';
import type { EquivalentCommand } from '../ceremony/step.ts';
import { modulusBytesOf, oaepHashes, opensslWrapCommand } from '../material/wrapping-algorithms.ts';
import type { Wrapping } from './facts.ts';
import type { KeyElsewhere } from './secret-key-fact.ts';

/**
 * Asks whether the key was wrapped by its keeper. Keyferry cannot wrap a key whose bytes were never here; that option stays
 * visible, with the reason.
 * @param help a text about the wrapping key.
 */
export function wrappedElsewhereQuestion({ keeper }: KeyElsewhere, help: string): Question {
  return {
    kind: 'choice',
    id: 'by',
    ask: `Is the key wrapped by ${keeper}?`,
    label: 'Wrapped by',
    form: 'me',
    options: [
      { value: 'me', label: 'Yes, I have the wrapped file' },
      { value: 'keyferry', label: 'Wrap it here', disabled: 'the key was never here' },
    ],
    default: 'me',
    help: `The commands of this step say how: by PKCS#11, the CloudHSM CLI or openssl.\n${help}`,
  };
}

/** The names that PKCS#11 and the CloudHSM CLI have for the hash of each wrapping algorithm. */
const hashNames = {
  sha256: { pkcs11: 'CKM_SHA256', mask: 'CKG_MGF1_SHA256', cloudHsm: 'sha256' },
  sha1: { pkcs11: 'CKM_SHA_1', mask: 'CKG_MGF1_SHA1', cloudHsm: 'sha1' },
} as const;

/**
 * Gives three ways to wrap a key where it is kept; the person takes one of them. Sources: PKCS#11 2.40, "RSA PKCS
 * OAEP"; CloudHSM user guide, "key import pem" and "key wrap rsa-oaep"; for openssl, KMS developer guide, "Step 3:
 * Encrypt the key material", which calls it a proof of concept demonstration only.
 * @param outFile the file that the person brings back.
 */
export function wrapElsewhereCommands(wrapping: Wrapping, outFile: string): readonly EquivalentCommand[] {
  const { algorithm, keySpec, publicKeyFile } = wrapping;
  const hash = hashNames[oaepHashes[algorithm]];
  const wrappingKeyFile = quote(publicKeyFile);
  const bytes = modulusBytesOf[keySpec];
  return [
    {
      says: 'One way, in a token by PKCS#11',
      shell: [
        `# The numbers of the wrapping key: openssl rsa -pubin -inform DER -in ${wrappingKeyFile} -noout -text`,
        '# C_CreateObject: CKA_CLASS CKO_PUBLIC_KEY, CKA_KEY_TYPE CKK_RSA,',
        '#   CKA_WRAP true, CKA_MODULUS and CKA_PUBLIC_EXPONENT of the wrapping key',
        `# C_WrapKey: CKM_RSA_PKCS_OAEP with ${hash.pkcs11}, ${hash.mask},`,
        '#   CKZ_DATA_SPECIFIED, no source data. The AES key has CKA_EXTRACTABLE true.',
        `# Write the ${bytes} bytes that C_WrapKey gives to ${quote(outFile)}`,
      ].join('\n'),
      isForOther: true,
    },
    {
      says: 'Another way, in AWS CloudHSM. YOUR_KEY is the label of the key, which must be extractable',
      shell: [
        `openssl rsa -pubin -inform DER -in ${wrappingKeyFile} -out kms-wrapping-key.pem`,
        'cloudhsm-cli key import pem --path kms-wrapping-key.pem --label kms-wrapping-key --key-type-class rsa-public --attributes wrap=true',
        `cloudhsm-cli key wrap rsa-oaep --payload-filter attr.label=YOUR_KEY --wrapping-filter attr.label=kms-wrapping-key --hash-function ${hash.cloudHsm} --mgf mgf1-${hash.cloudHsm} --path ${quote(outFile)}`,
      ].join('\n'),
      isForOther: true,
    },
    {
      says: 'The last way, where the key can only leave as a file of 32 bytes, KEY_FILE. AWS calls this a proof of concept only',
      shell: opensslWrapCommand({ algorithm, keyFile: 'KEY_FILE', wrappingKeyFile: publicKeyFile, outFile }),
      isForOther: true,
    },
    { says: `Bring the wrapped file here. It must have ${bytes} bytes`, shell: `wc -c < ${quote(outFile)}` },
  ];
}

/** What a person should know about the choice of the wrapping, when an HSM wraps. SoftHSM 2.6 was tried. */
export const hsmWrappingWords =
  'The keeper of the key must be able to wrap this way. Many HSMs have RSAES_OAEP_SHA_256; SoftHSM 2.6 has RSAES_OAEP_SHA_1 alone.';
