import { quote } from '../ceremony/shell-word.ts';
import type { EquivalentCommand } from '../ceremony/step.ts';
import type { KeyFileForm, KeyPlace } from '../material/inspect.ts';
import type { MadeBackup } from './backup-fact.ts';
import { plainKeyFile } from './file-names.ts';

/**
 * Gives the shell text that decrypts a backup to standard output; `age` asks for the passphrase itself.
 * @param identity the absolute path of the identity file, or an empty text when it is not known.
 */
export function ageDecryptCommand(file: string, by: 'passphrase' | 'recipients', identity: string): string {
  const identityOption =
    by === 'recipients' ? ` --identity ${identity === '' ? 'IDENTITY_FILE' : quote(identity)}` : '';
  return `age --decrypt${identityOption} ${quote(file)}`;
}

/** Gives the command that decrypts a backup into the plain key file, for commands that need this file. */
export function openBackupCommand({ file, by }: MadeBackup, identity: string): EquivalentCommand {
  return {
    says: 'Take the plain key from the backup',
    shell: writeKeyFile(ageDecryptCommand(file, by, identity)),
    makes: plainKeyFile,
  };
}

/** The command that overwrites and removes the plain key file. */
export const removeKeyCommand: EquivalentCommand = {
  says: 'Overwrite and remove the plain key',
  shell: `shred --remove ${plainKeyFile}`,
  destroys: true,
};

/**
 * Gives shell text that writes the output of a command to the plain key file. Only the owner can read the file (umask 077).
 * The text fails when the file exists (noclobber). It is a subshell, so that both settings end with it.
 */
const writeKeyFile = (command: string) => `(umask 077 && set -o noclobber && ${command} > ${plainKeyFile})`;

/** The command that makes a random key of 256 bits. */
export const generateKeyCommand: EquivalentCommand = {
  says: 'Make 32 random bytes that only you can read; a file that is there stays as it is',
  shell: writeKeyFile('openssl rand 32'),
  makes: plainKeyFile,
};

/** Gives the command that makes a person's key file readable by its owner alone. */
export function protectKeyCommand(path: string): EquivalentCommand {
  return { says: 'Make the file readable by you alone', shell: `chmod go= ${quote(path)}` };
}

/** Gives the commands that write the 32 bytes of a person's file to the plain key file. */
export function takeKeyCommands(path: string, place: KeyPlace): readonly EquivalentCommand[] {
  return [
    {
      says: `Take the key from the file${formWords[place.form]}`,
      shell: writeKeyFile(decodeFile(quote(path), place)),
      makes: plainKeyFile,
    },
    { says: 'Look at the size: it must be 32', shell: `wc -c < ${plainKeyFile}` },
  ];
}

/** How a sentence about the file goes on, for each form in which a file can hold the key. */
const formWords: Readonly<Record<KeyFileForm, string>> = {
  none: '',
  raw: '',
  'raw-newline': ' without its newline',
  'raw-nul': ' without the NUL behind it',
  hex: ', which is hex text',
  base64: ', which is base64 text',
  base64url: ', which is base64url text',
  pem: ', which is PEM text',
  decimal: ', which is a list of numbers',
  python: ', which is a literal of Python',
  xxd: ', which is a dump',
  dump: ', which is a dump',
};

/** Gives the shell text that prints the bytes of the key. @param path quoted for the shell. */
function decodeFile(path: string, { form, inner, part }: KeyPlace): string {
  if (form === 'none' || form === 'raw') return `cat ${path}`;
  if (form === 'raw-newline' || form === 'raw-nul') return `head -c 32 ${path}`;
  // `tail` counts from 1. tr drops the zero bytes of UTF-16.
  const print =
    part === undefined ? `cat ${path}` : `tail -c +${part.start + 1} ${path} | head -c ${part.length} | tr -d '\\0'`;
  const shell = `${print} | ${filters[form]}`;
  return inner === undefined ? shell : `${shell} | ${filters[inner]}`;
}

/**
 * Shell text that turns two hex digits into a byte each. Removes `0x` and `(byte)` in any case, puts 0 in front of a single digit
 * after 0x, keeps only hex digits, and writes `\x` before each two of them, which printf turns into a byte. printf is built into
 * the shell, so no process has the digits among its arguments.
 */
const fromHex = String.raw`{ printf "$(sed -E 's/\([Bb][Yy][Tt][Ee]\)//g; s/0[xX]([0-9a-fA-F])([^0-9a-fA-F]|$)/0\1\2/g; s/0[xX]//g' | tr -cd '0-9a-fA-F' | sed 's/../\\x&/g')"; }`;

/**
 * Shell text that decodes base64 or base64url text of 32 bytes, or of text that was encoded again. Drops all other characters,
 * among them the padding, which some programs leave out; awk adds it. base64url has `-` and `_` where base64 has `+` and `/`.
 */
const fromBase64 = `tr -dc 'A-Za-z0-9+/_-' | tr -- -_ +/ | awk '{ printf "%s%s", $0, substr("===", 1, (4 - length % 4) % 4) }' | openssl base64 -d -A`;

/** Shell text that gives the bytes of a dump: without the offsets in front, and without the text between bars. */
const fromDump = `sed -E 's/^ *[0-9a-fA-F]+//; s/[|].*//' | ${fromHex}`;

/** The shell text that decodes what another command prints, for each form of text. */
const filters: Readonly<Record<Exclude<KeyFileForm, 'none' | 'raw' | 'raw-newline' | 'raw-nul'>, string>> = {
  hex: fromHex,
  base64: fromBase64,
  base64url: fromBase64,
  pem: `sed '/^-----/d' | ${fromBase64}`,
  decimal: `{ printf "$(tr -cs '0-9-' '\\n' | awk '/[0-9]/ { printf "\\\\%03o", ($1 + 256) % 256 }')"; }`,
  python: `python3 -c 'import ast, sys; sys.stdout.buffer.write(ast.literal_eval(sys.stdin.read()))'`,
  xxd: 'xxd -r',
  dump: fromDump,
};
