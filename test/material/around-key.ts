import { utf16 } from './samples.ts';

const lines = (parts: readonly string[]) => parts.join('\n');

/** The name that a JWK may have: as long as a key in base64url. */
export const thumbprint = 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs';

/** A key as files of people have it, with other characters around it: one file for each kind, by its name. */
export function around(key: Buffer): Readonly<Record<string, string | Buffer>> {
  const hex = key.toString('hex');
  const base64 = key.toString('base64');
  const base64url = key.toString('base64url');
  const pairs = Array.from(key, (byte) => byte.toString(16).padStart(2, '0'));
  const numbers = Array.from(key, (byte) => byte.toString());
  const signed = Array.from(key, (byte) => (byte > 127 ? byte - 256 : byte).toString());
  const rows = [pairs.slice(0, 16), pairs.slice(16)];
  const shown = (bytes: Buffer) =>
    Array.from(bytes, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
  const halves = [key.subarray(0, 16), key.subarray(16)];
  const xxd = (bytes: Buffer) =>
    Array.from({ length: Math.ceil(bytes.length / 16) }, (_, index) => {
      const row = bytes.subarray(16 * index, 16 * index + 16);
      const groups = row.toString('hex').replaceAll(/..../g, '$& ').padEnd(41);
      return `${(16 * index).toString(16).padStart(8, '0')}: ${groups.slice(0, 40)} ${shown(row)}`;
    }).join('\n');
  const python = `b'${Array.from(key, (byte) => {
    const character = String.fromCharCode(byte);
    if (character === '\\' || character === "'") return `\\${character}`;
    return byte >= 0x20 && byte < 0x7f ? character : `\\x${byte.toString(16).padStart(2, '0')}`;
  }).join('')}'`;
  return {
    'openssl enc -P': `salt=A1B2C3D4E5F60718\nkey=${hex.toUpperCase()}\niv =0F1E2D3C4B5A69788796A5B4C3D2E1F0\n`,
    'openssl enc -P without a salt': `key=${hex.toUpperCase()}\niv =0F1E2D3C4B5A69788796A5B4C3D2E1F0\n`,
    'openssl enc -P without an iv': `salt=A1B2C3D4E5F60718\nkey=${hex.toUpperCase()}\n`,
    'openssl enc -P after blanks': `  key=${hex.toUpperCase()}\niv =0F1E2D3C4B5A69788796A5B4C3D2E1F0\n`,
    'a JWK with a thumbprint': JSON.stringify({
      kty: 'oct',
      kid: thumbprint,
      k: base64url,
    }),
    'a JWK with other members': JSON.stringify({
      kid: 'of a 5" disk',
      kty: 'oct',
      ext: { made: 'here' },
      k: base64url,
    }),
    'a JWK with key_ops': JSON.stringify({ kty: 'oct', key_ops: ['encrypt', 'decrypt'], k: base64url }),
    'members of a key without braces': `"kty": "oct",\n"k": "${base64url}"\n`,
    'JSON with a kty that is no text': `{"kty": 7, "key": "${base64}"}\n`,
    'a JWK with blanks before its colons': `{ "kty" : "oct",\n "kid"\t: "${thumbprint}",\r\n "k" \n: "${base64url}" }\n`,
    'a set of JWKs': JSON.stringify(
      {
        keys: [
          { kty: 'RSA', n: 'AQAB' },
          { k: base64url, kty: 'oct' },
        ],
      },
      null,
      2,
    ),
    'double quotes': `"${base64}"\n`,
    'single quotes': `'${hex}'\n`,
    backticks: `const key = \`${hex}\`;\n`,
    'a value between tabs': `key:\t${hex}\t\n`,
    'a value before a comma': `{mode: gcm, key: ${hex}, bits: 256}\n`,
    'a value before a brace': `{mode: gcm, key: ${hex} }\n`,
    'a value before a bracket': `[mode: gcm, key: ${hex}]\n`,
    'a value before a parenthesis': `aes(mode=gcm, key=${hex})\n`,
    'a value before a semicolon': `key=${hex}; mode=gcm\n`,
    'a value before a comment': `key = ${base64} # of March\n`,
    'a value in a query': `mode=gcm&key=${hex}&bits=256\n`,
    'a setting in double quotes': `run -e "KEY=${hex}" -d\n`,
    'a setting in single quotes': `run -e 'KEY=${hex}' -d\n`,
    'hex of hex behind a name': `KEY=${Buffer.from(hex).toString('hex')}\n`,
    'a hash of Ruby': `{ :key => "${base64}" }\n`,
    'a variable of Go': `key := ${hex}\n`,
    'a line of .env': `# made in March\nENCRYPTION_KEY=${base64}\n`,
    'a quoted line of .env': `export KEY="${hex}" # rotate\r\nMODE=gcm\r\n`,
    Laravel: `APP_NAME=shop\nAPP_KEY=base64:${base64}\nAPP_DEBUG=false\n`,
    YAML: `kms:\n  secret: ${base64}\n  rotate: yearly\n`,
    'a YAML list': `keys:\n  - ${hex}\n`,
    'a block of YAML': `key: |\n  ${base64}\nmode: gcm\n`,
    JSON: JSON.stringify({ name: 'photos', key: base64, bits: 256 }, null, 2),
    'base64url in JSON': `{"key":"${base64url}"}`,
    XML: `<keys>\n  <add>${base64}</add>\n</keys>\n`,
    'a comment about a checksum above': `# has no checksum\nKEY=${hex}\n`,
    'a comment above': `# key of the archive\n${hex}\n`,
    'hyphens between bytes': `${pairs.join('-').toUpperCase()}\r\n`,
    'hyphens behind a name': `Key: ${pairs.join('-')}\n`,
    'hyphens between tags': `<key>${pairs.join('-')}</key>\n`,
    'a line of long words above': `ConfigurationOfThePhotos of March\n${hex}\n`,
    'colons behind a name': `key=${pairs.join(':')}\n`,
    'commas between bytes': pairs.join(', '),
    'decimal column of MATLAB': `key = [${numbers.join('; ')}];\n`,
    'decimal list of YAML': `key:\n${lines(numbers.map((number) => `  - ${number}`))}\n`,
    'decimal numbers before a semicolon': `key: ${numbers.join(',')}; mode: 1\n`,
    'decimal numbers behind a name in a line': `KEY=${numbers.join(',')}; MODE=1\n`,
    'decimal numbers above a comment': `${numbers.join(' ')}\n# of March\n`,
    'decimal numbers below a comment': `# of March\n${numbers.join(' ')}\n`,
    'decimal lines': `${lines(numbers)}\n`,
    'decimal lines in UTF-16': utf16(`${numbers.join('\r\n')}\r\n`),
    'decimal JSON': `[${numbers.join(', ')}]\n`,
    'decimal pretty JSON': JSON.stringify({ type: 'Buffer', data: [...key] }, null, 2),
    'signed bytes of Java': `[${signed.join(', ')}]`,
    'signed bytes in a program': `byte[] key = {${signed.join(',')}};\n`,
    'Java with casts': `byte[] key = new byte[] {${pairs.map((pair) => `(byte) 0x${pair}`).join(', ')}};\n`,
    'C with casts of Windows': `BYTE key[] = {${pairs.map((pair) => `(BYTE)0x${pair}`).join(', ')}};\n`,
    C: `unsigned char key[32] = {\n  ${rows.map((row) => row.map((pair) => `0x${pair}`).join(', ')).join(',\n  ')},\n};\nunsigned int key_len = 32;\n`,
    'numbers without a leading zero': `key = [${Array.from(key, (byte) => `0x${byte.toString(16)}`).join(', ')}]\n`,
    'escapes of C': `const char *key = "${pairs.map((pair) => `\\x${pair}`).join('')}";\n`,
    'bytes of Python': `${python}\n`,
    'a buffer of Node': `<Buffer ${pairs.join(' ')}>\n`,
    'hex and a NUL': `${hex}\0`,
    'base64, a newline and a NUL': `${base64}\n\0`,
    'hex in UTF-16 and a NUL': utf16(`${hex}\0`),
    'base64 of hex': Buffer.from(hex).toString('base64'),
    'base64 of hex and a newline': `${Buffer.from(`${hex}\n`).toString('base64')}\n`,
    'base64 of base64': Buffer.from(base64).toString('base64'),
    'hex of base64': Buffer.from(base64).toString('hex'),
    'hex of hex': Buffer.from(hex).toString('hex'),
    'base64 of base64 in a secret': `kind: Secret\ndata:\n  key: ${Buffer.from(base64).toString('base64')}\n`,
    xxd: `${xxd(key)}\n`,
    'xxd in UTF-16': utf16(xxd(key)),
    'xxd of hex text': `${xxd(Buffer.from(`${hex}\n`))}\n`,
    'hexdump -C': `${rows
      .map((row, index) => {
        const offset = (16 * index).toString(16).padStart(8, '0');
        const [left, right] = [row.slice(0, 8).join(' '), row.slice(8).join(' ')];
        return `${offset}  ${left}  ${right}  |${shown(halves[index] ?? key)}|`;
      })
      .join('\n')}\n00000020\n`,
    'od -t x1': `${rows.map((row, index) => `${(16 * index).toString(8).padStart(7, '0')} ${row.join(' ')}`).join('\n')}\n0000040\n`,
    'od -A d -t x1': `${rows.map((row, index) => `${(16 * index).toString().padStart(7, '0')}  ${row.join('  ')}`).join('\n')}\n0000032\n`,
    'od -A x -t x1': `${rows.map((row, index) => `${(16 * index).toString(16).padStart(6, '0')} ${row.join(' ')}`).join('\n')}\n000020\n`,
  };
}
