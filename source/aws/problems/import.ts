import type { KnownError } from './entry.ts';

// Pages: KMS API reference, GetParametersForImport, ImportKeyMaterial and CreateKey, with their errors; KMS developer
// guide, "Step 3: Encrypt the key material", "Reimport key material"; what KMS answers beyond these was recorded.

const wrapByHand =
  'openssl pkeyutl -encrypt -pubin -keyform DER -inkey WRAPPING_KEY -in KEY.bin -out enc.aes.key -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 -pkeyopt rsa_mgf1_md:sha256';
const fetchPair =
  'aws kms get-parameters-for-import --key-id KEY --wrapping-algorithm RSAES_OAEP_SHA_256 --wrapping-key-spec RSA_4096';
const importPair =
  'aws kms import-key-material --key-id KEY --encrypted-key-material fileb://enc.aes.key --import-token fileb://TOKEN --expiration-model KEY_MATERIAL_DOES_NOT_EXPIRE';
const describe = 'aws kms describe-key --key-id KEY --query KeyMetadata';
const materials = 'aws kms list-key-rotations --key-id KEY --include-key-material ALL_KEY_MATERIAL';

/**
 * Errors of the import itself. KMS API reference, GetParametersForImport and ImportKeyMaterial. The patterns follow recorded
 * messages of KMS. Some errors have no message, and therefore no readings.
 */
export const importEntries: readonly KnownError[] = [
  {
    names: ['InvalidCiphertextException'],
    kind: 'fixable',
    why: 'KMS could not unwrap the material, and gives no reason. The wrapping does not fit the import token, or 32 bytes are not what is inside.',
    causes: [
      'Another hash. openssl and Node use SHA-1 unless told otherwise, while the wrapping key was asked for with SHA-256.',
      'Another wrapping key. Public key and token are a pair; a newer token does not open what an older key wrapped.',
      'Not 32 bytes. A newline makes 33, base64 text 44 and hex text 64.',
      'The older padding. openssl pkeyutl uses PKCS #1 v1.5 unless -pkeyopt rsa_padding_mode:oaep is given.',
      'The public key was decoded or edited on the way, so that something else was wrapped under it.',
    ],
    look: [
      'wc -c KEY.bin           # 32 for a 256-bit key',
      'wc -c enc.aes.key       # 256, 384 or 512: RSA_2048, RSA_3072 or RSA_4096',
      'openssl pkey -pubin -inform DER -in WRAPPING_KEY -noout -text | head -1',
    ],
    next: ['Wrap again with the wrapping key that was fetched together with this token.'],
    commands: [fetchPair, wrapByHand, importPair],
    readings: [
      {
        in: /^(Decrypt|ReEncrypt|GetObject|HeadObject|UploadPart|CopyObject)/,
        why: 'KMS does not recognise the ciphertext: it was cut or changed, or its encryption context is another.',
        causes: [
          'The encryption context of the call is not the one that it was encrypted with.',
          'base64 text was sent instead of the bytes: file:// in place of fileb://.',
          'The ciphertext was made outside of KMS, or was cut off.',
        ],
        look: ['head -c 2 CIPHERTEXT | xxd      # KMS begins with 0102; letters mean base64 text'],
        next: ['Use the same encryption context, and the bytes of the ciphertext.'],
        commands: ['aws kms decrypt --ciphertext-blob fileb://CIPHERTEXT --encryption-context NAME=VALUE'],
      },
    ],
  },
  {
    names: ['ExpiredImportTokenException'],
    kind: 'fixable',
    why: 'The import token is older than 24 hours. The token is throw-away; the KMS key and your secret are unchanged.',
    causes: ['More than 24 hours passed since the wrapping key and the token were downloaded.'],
    look: ['date -u      # against ParametersValidTo, or the time in the name of the token file'],
    next: [
      'Fetch a new wrapping key and token, wrap again and import.',
      'Keep the same KMS key and the same secret: neither has to change.',
    ],
    commands: [fetchPair, wrapByHand, importPair],
  },
  {
    names: ['InvalidImportTokenException'],
    kind: 'fixable',
    why: 'The import token belongs to another KMS key or Region, or its file was changed.',
    causes: [
      'The token was fetched for another KMS key, or for the key of the same name in another Region.',
      'The token was sent as base64 text: it must be decoded first, and named with fileb://.',
      'The token file was cut or edited.',
    ],
    look: [
      'head -c 60 TOKEN | xxd      # readable letters alone mean that it is still base64',
      'ls -l importToken_*         # the name holds the id of its KMS key',
    ],
    next: ['Fetch a new wrapping key and token for this very key and Region, wrap again and import.'],
    commands: [fetchPair, wrapByHand, importPair],
  },
  {
    names: ['IncorrectKeyMaterialException'],
    kind: 'fixable',
    why: 'These are not the bytes that this KMS key was made with. A key takes back only its own material.',
    causes: [
      'Another file than the one that was imported first.',
      'The second import counts as EXISTING_KEY_MATERIAL unless the import type is named.',
    ],
    look: [materials],
    next: [
      'Import the file that was imported first.',
      'For new bytes in the same key, import with --import-type NEW_KEY_MATERIAL and rotate.',
      'For other bytes, create another KMS key.',
    ],
    readings: [
      {
        says: /already associated with KMS key/,
        why: 'This key has these very bytes already, so they are not new material.',
        next: ['Import them again with --import-type EXISTING_KEY_MATERIAL, or make other bytes.'],
      },
    ],
  },
  {
    names: ['UnsupportedOperationException'],
    kind: 'fixable',
    why: 'This KMS key cannot do that: its origin, its kind or its being a replica does not allow it.',
    causes: ['The key is of another kind than the operation needs.'],
    look: [describe],
    next: ['Compare Origin, KeySpec and MultiRegion of the key with what the operation needs.'],
    readings: [
      {
        says: /origin is AWS_KMS which is not valid/,
        look: [`${describe}.[Origin,KeySpec,MultiRegion]`],
        why: 'AWS made the material of this key. Your own goes only into a key that was created with origin EXTERNAL.',
        causes: ['The key was created without --origin EXTERNAL; the origin of a key never changes.'],
        next: ['Create another key with --origin EXTERNAL and import into that one.'],
      },
      {
        says: /origin is EXTERNAL which is not valid/,
        look: [`${describe}.[Origin,KeySpec,MultiRegion]`],
        why: 'A key with imported material does not do this: AWS does not rotate it by itself, for example.',
        causes: ['The operation is only for keys whose material AWS made, such as automatic rotation.'],
        next: ['Import new material and rotate on demand, where rotation was the aim.'],
      },
      {
        says: /is not a multi-region primary key/,
        why: 'This is a replica. Only the primary key of a multi-Region key does that.',
        next: ['Do it in the Region of the primary key.'],
      },
    ],
  },
  {
    names: [
      'ValidationException',
      'ValidationError',
      'InvalidParameterValue',
      'InvalidParameterCombination',
      'InvalidQueryParameter',
      'MissingParameter',
    ],
    kind: 'fixable',
    why: 'AWS cannot take one of the values in the request.',
    causes: ['A value is missing, too long, or of another form than the service takes.'],
    next: ["Change the value that AWS's sentence names, then try again."],
    readings: [
      {
        says: /Invalid encrypted key size/,
        why: 'The wrapped file is not as long as the wrapping key, so it cannot belong to this token.',
        causes: ['The file was wrapped under a key of another size, or is base64 text.'],
        look: ['wc -c enc.aes.key       # 256, 384 or 512: RSA_2048, RSA_3072 or RSA_4096'],
        next: ['Wrap again under the wrapping key that came with this token.'],
      },
      {
        says: /validTo date must be set/i,
        why: 'KMS takes material to expire unless told otherwise, and no date was given.',
        next: [
          'For material that stays: --expiration-model KEY_MATERIAL_DOES_NOT_EXPIRE',
          'For material that expires: --expiration-model KEY_MATERIAL_EXPIRES --valid-to DATE',
        ],
      },
      {
        says: /validTo date cannot be set/i,
        why: 'A date was given for material that does not expire.',
        next: ['Leave --valid-to out, or use KEY_MATERIAL_EXPIRES.'],
      },
      {
        says: /ValidTo must be/,
        why: 'The date of expiry must be in the future and at most 365 days away.',
        look: ['date -u'],
        next: ['Choose a date within 365 days, in UTC.'],
      },
      {
        says: /Wrapping algorithm .{1,100} cannot be used to import/,
        why: 'KMS does not take this pair of wrapping algorithm and wrapping key for this kind of key.',
        causes: ['RSA_AES_KEY_WRAP is for private keys, not for 256-bit keys; RSAES_PKCS1_V1_5 ended in October 2023.'],
        next: ['For a 256-bit key: RSAES_OAEP_SHA_256 with RSA_4096.'],
      },
      {
        says: /keyMaterialId cannot be used with NEW_KEY_MATERIAL/,
        why: 'New material has no id yet, so none may be named.',
        next: ['Leave --key-material-id out, or import with EXISTING_KEY_MATERIAL.'],
      },
      {
        says: /(importType|keyMaterialId|keyMaterialDescription) cannot be used with/i,
        why: 'Only symmetric keys have an import type, a material id or a description of their material.',
        next: ['Leave that value out for this kind of key.'],
      },
      {
        says: /replica Multi-Region|primary Multi-Region/i,
        onlyWithCode: true,
        why: 'New material and its description go to the primary key first; a replica takes the same bytes afterwards.',
        next: ['Import into the primary key, then the same bytes into each replica, without type and description.'],
      },
      {
        says: /Alias must start with/,
        why: 'The name of an alias begins with alias/.',
        next: ['Write alias/NAME, such as alias/payments-2026.'],
      },
      {
        says: /has never been imported into KMS key/,
        why: 'No material with this id was ever in this key.',
        look: [materials],
        next: ['Use an id that the list of materials shows.'],
      },
      {
        says: /KeySpec ML_(?:DSA|KEM)_\d{2,4} is not supported for Origin EXTERNAL/,
        why: 'KMS takes no imported material for a post-quantum key of this spec.',
        next: ['Choose another key spec, or let AWS make the material.'],
      },
      {
        // KMS API reference, CreateKey: KeySpec and KeyUsage.
        says: /KeyUsage \w{1,40} is not compatible with KeySpec/,
        why: 'This kind of key is for another use: each key spec has its own usages.',
        next: [
          'ML_KEM_512, 768 and 1024: ENCAPSULATE_DECAPSULATE. ML_DSA_44, 65 and 87: SIGN_VERIFY.',
          'For objects in S3: SYMMETRIC_DEFAULT with ENCRYPT_DECRYPT. S3 takes no other.',
        ],
      },
      {
        says: /Value 'ML-(?:KEM|DSA)-\d{2,4}'/,
        why: 'KMS writes the names of post-quantum key specs with underscores, as in ML_KEM_768 and ML_DSA_65.',
        next: ['Write the name with underscores, then try again.'],
      },
      {
        says: /failed to satisfy constraint: Member must satisfy enum value set/,
        why: "The value is none of those that the service takes here; AWS's sentence lists them.",
        causes: ['The value is mistyped, or new: it may not be taken in every Region.'],
        next: ['Take one of the values in the list, in capital letters and with underscores.'],
      },
    ],
  },
];
