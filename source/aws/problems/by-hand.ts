import type { KnownError } from './entry.ts';

// Pages: KMS developer guide, "Step 3: Encrypt the key material", "Step 2: Download the wrapping public key and import
// token"; AWS CLI user guide, "Loading a parameter from a file in the AWS CLI".

const readDer = 'openssl pkey -pubin -inform DER -in WRAPPING_KEY -noout -text | head -1';
const wrapCommand =
  'openssl pkeyutl -encrypt -pubin -keyform DER -inkey WRAPPING_KEY -in KEY.bin -out enc.aes.key -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 -pkeyopt rsa_mgf1_md:sha256';

/** What openssl and the aws command print to people who follow a tutorial by hand, without a code of AWS. */
export const byHandEntries: readonly KnownError[] = [
  {
    names: ['unable to load public key'],
    phrases: [
      /unable to load public key/i,
      /could not (read|find) (the )?((public|private) )?key of public key/i,
      /could not (read|find) (the )?(public )?key from/i,
      /could not (read|find) (the )?public key/i,
      /no start line/i,
      /asn1 encoding routines.{0,200}(wrong tag|header too long|not enough data)/i,
      /Error (loading|reading) (pkey|key)/i,
    ],
    kind: 'fixable',
    why: 'openssl cannot read the wrapping key: the form that was named is not the form of the file.',
    causes: [
      'The file is DER, as KMS gives it, and -keyform DER (or -inform DER) is missing.',
      'The file is still base64, as the aws command prints it, and has to be decoded first.',
      'The file is PEM, with BEGIN PUBLIC KEY, and DER was named.',
      '-pubin is missing, so that openssl looks for a private key.',
    ],
    look: ['head -c 30 WRAPPING_KEY | xxd      # 3082 is DER, MII is base64, ----- is PEM', readDer],
    next: ['Decode the file if it is base64, then name its form: DER.'],
    commands: ['openssl base64 -d -A -in WRAPPING_KEY.b64 -out WRAPPING_KEY', wrapCommand],
  },
  {
    names: ['could not read private key'],
    phrases: [/could not (read|find) (the )?private key\b/i, /unable to load private key/i],
    kind: 'fixable',
    why: 'openssl looks for a private key in this file. The wrapping key of KMS is a public one.',
    causes: ['-pubin is missing: without it, openssl takes the file for a private key.', 'The file is another one.'],
    look: ['head -c 30 WRAPPING_KEY | xxd      # 3082 is DER, MII is base64, ----- is PEM', readDer],
    next: ['Add -pubin, and name the form of the file: -keyform DER.'],
    commands: [wrapCommand],
  },
  {
    names: ['Could not open file or uri for loading'],
    phrases: [/Could not open file or uri for loading\b/i],
    kind: 'fixable',
    why: 'openssl finds no file of this name.',
    look: ['pwd && ls -l'],
    next: ['Check the path behind -inkey.'],
  },
  {
    names: ['No supported data to decode'],
    phrases: [/No supported data to decode/i, /pkeyutl: Error initializing context/i],
    kind: 'fixable',
    why: 'openssl finds no key of the named form in the file.',
    look: ['head -c 30 WRAPPING_KEY | xxd      # 3082 is DER, MII is base64, ----- is PEM', readDer],
    next: ['Decode the file if it is base64, then name its form: DER.'],
    commands: ['openssl base64 -d -A -in WRAPPING_KEY.b64 -out WRAPPING_KEY', wrapCommand],
  },
  {
    names: ['rsautl is deprecated'],
    phrases: [
      /^rsautl$/i,
      /rsautl.{0,100}deprecated/i,
      /deprecated.{0,100}rsautl/i,
      /Invalid command 'rsautl'/i,
      /openssl:Error: 'rsautl'/i,
    ],
    kind: 'fixable',
    why: 'rsautl is the older command. It works where it is still there, but only with SHA-1; pkeyutl takes its place.',
    causes: ['openssl 3.0 and newer say so on every use. It is a warning, unless the command is missing altogether.'],
    look: ['openssl version'],
    next: [
      'Use pkeyutl, with the hash of the algorithm that KMS was asked for.',
      'To stay with rsautl -oaep, ask KMS for RSAES_OAEP_SHA_1: the hash must be the same on both sides.',
    ],
    commands: [wrapCommand],
  },
  {
    names: ['data too large for key size'],
    phrases: [/data too large for key size/i, /data too large for modulus/i, /input data too long/i],
    kind: 'fixable',
    why: 'What is to be wrapped does not fit under the wrapping key. A 256-bit key always does, so the file is not one.',
    causes: [
      'The file is not the 32 bytes of the key: a text form, a private key, or the wrong file.',
      'An RSA private key is to be imported: it needs RSA_AES_KEY_WRAP, not OAEP alone.',
    ],
    look: ['wc -c KEY.bin           # 32 for a 256-bit key'],
    next: ['Wrap the file with the 32 bytes. Keyferry says what is in a file, and decodes it.'],
  },
  {
    names: ['unknown cipher id-aes256-wrap-pad'],
    phrases: [
      /unknown (cipher|option).{0,100}wrap/i,
      /id-aes256-wrap-pad/i,
      /AEAD ciphers not supported/i,
      /Error setting cipher/i,
    ],
    kind: 'fixable',
    why: 'This openssl cannot do AES key wrap on the command line. A 256-bit key does not need it.',
    causes: [
      'openssl 1.x has no command for RFC 5649; version 3 has it.',
      'RSA_AES_KEY_WRAP is for private keys only.',
    ],
    look: ['openssl version'],
    next: ['For a 256-bit key use OAEP. For a private key use openssl 3.'],
    commands: [wrapCommand],
  },
  {
    names: ['illegal or unsupported padding mode'],
    phrases: [
      /illegal or unsupported padding mode/i,
      /oaep decoding error/i,
      /padding check failed/i,
      /parameter setting error/i,
      /rsa_oaep_md/i,
    ],
    kind: 'fixable',
    why: 'openssl does not take the padding options as they stand, or they differ between wrapping and opening.',
    causes: ['rsa_padding_mode:oaep has to come before rsa_oaep_md.', 'Very old versions know no rsa_oaep_md.'],
    look: ['openssl version'],
    next: ['Give the options in this order, and the same hash on both sides.'],
    commands: [wrapCommand],
  },
  {
    names: ['invalid base64'],
    phrases: [
      /Invalid base64/i,
      /Incorrect padding/i,
      /Invalid type for parameter (ImportToken|EncryptedKeyMaterial|CiphertextBlob|Plaintext)/i,
    ],
    kind: 'fixable',
    why: 'The aws command takes bytes in text form as base64, and this is not base64.',
    causes: [
      'A binary file was named with file://, which reads text. fileb:// reads bytes.',
      'Version 1 of the aws command sends text as it is; version 2 decodes it first.',
    ],
    look: ['aws --version', 'file enc.aes.key'],
    next: [
      'Name binary files with fileb://: --import-token fileb://TOKEN --encrypted-key-material fileb://enc.aes.key',
    ],
  },
  {
    names: ['text contents could not be decoded'],
    phrases: [
      /text contents could not be decoded/i,
      /'utf-?8' codec can't decode byte/i,
      /'(?:charmap|ascii|cp\d{3,4}|gbk)' codec can't (?:decode|encode)/i,
    ],
    kind: 'fixable',
    why: 'A binary file was read as text. A wrapped key and an import token are bytes, and so is a key.',
    causes: [
      'The file was named with file://, which reads text. fileb:// reads bytes.',
      'In Python, the file was opened with open(PATH) in place of open(PATH, "rb").',
    ],
    look: ['file enc.aes.key'],
    next: [
      'Name binary files with fileb://: --import-token fileb://TOKEN --encrypted-key-material fileb://enc.aes.key',
      'In Python, open it for bytes, with the mode rb.',
    ],
  },
  {
    names: ['unable to load paramfile'],
    phrases: [/Unable to load paramfile/i, /Error parsing parameter/i],
    kind: 'fixable',
    why: 'The aws command cannot read the file that a parameter names.',
    causes: ['The path is relative to another folder.', 'A binary file was named with file://, which reads text.'],
    look: ['pwd && ls -l'],
    next: ['Check the path. For binary files: fileb://PATH, for JSON: file://PATH'],
  },
  {
    names: ['ParamValidationError', 'parameter validation failed'],
    phrases: [/Parameter validation failed/i, /the following arguments are required/i],
    kind: 'fixable',
    why: 'The aws command did not send the request: a value is missing or has the wrong form. Nothing happened.',
    look: ['aws kms import-key-material help'],
    next: ["Change the value that the message names; Keyferry shows each step's command with the key c."],
  },
  {
    names: ['Unknown options'],
    phrases: [/Unknown options(?:: --|$)/i, /argument (?:command|operation|subcommand): (?:Found )?invalid choice/i],
    kind: 'fixable',
    why: 'This aws command does not know the command or option. Nothing was sent.',
    causes: ['The option is newer than the aws command here.', 'The command or option is mistyped.'],
    look: ['aws --version'],
    next: ['Update the aws command, then try again.'],
  },
];
