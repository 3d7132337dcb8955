/** 256-bit keys that standards, manuals and test suites print. Some people copy them, although everybody can know them. */
const publishedKeys: ReadonlyArray<{ readonly hex: string; readonly where: string }> = [
  { hex: '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f', where: 'FIPS 197 and many manuals' },
  { hex: '603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4', where: 'NIST SP 800-38A and 800-38B' },
  { hex: 'feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308', where: 'the specification of AES-GCM' },
  { hex: '776beff2851db06f4c8a0542c8696f6c6a81af1eec96b4d37fc1d689e6c1c104', where: 'RFC 3686' },
  { hex: 'f6d66d6bd52d59bb0796365879eff886c66dd51a5b6a99744b50590c87a23884', where: 'RFC 3686' },
  { hex: 'ff7a617ce69148e4f1726e2f43581de2aa62d9f805532edff1eed687fb54153d', where: 'RFC 3686' },
  { hex: '808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f', where: 'RFC 8439' },
  { hex: '1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0', where: 'RFC 8439' },
  { hex: '1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389', where: 'the tests of NaCl and libsodium' },
  { hex: '730ff4c7af3d46923e8ed451ee813c87f790b0a226bc96a92de49b5e9c05e1ee', where: 'the specification of Fernet' },
  {
    hex: '59b963d3a7ddbad8568209ac4f470b56820c3a478b6dcda455f32e77bee2fc96',
    where: 'the readme of a Terraform module for KMS',
  },
  {
    hex: '3b5cec834e9c2910ac667a13e688b3325c0712d9e4d07a0e9812e416dc21d95c',
    where: 'the tests of the Terraform provider for AWS',
  },
];

const known = publishedKeys.map(({ hex, where }) => ({ bytes: Buffer.from(hex, 'hex'), where }));

/** Says where these 32 bytes are published, as the end of a sentence; `undefined` when they are not in this list. */
export function findPublication(key: Buffer): string | undefined {
  return known.find(({ bytes }) => bytes.equals(key))?.where;
}
