import { quote } from '../ceremony/shell-word.ts';
import type { EquivalentCommand } from '../ceremony/step.ts';
import type { KeyFileForm } from '../material/inspect.ts';
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
    finds: plainKeyFile,
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
  finds: plainKeyFile,
};

/** Gives the commands that write the 32 bytes of a person's file to the plain key file. */
export function takeKeyCommands(path: string, form: KeyFileForm): readonly EquivalentCommand[] {
  return [
    {
      says: `Take the key from the file${formWords[form]}`,
      shell: writeKeyFile(decodeFile(quote(path), form)),
      finds: plainKeyFile,
    },
    { says: 'Look at the size: it must be 32', shell: `wc -c < ${plainKeyFile}` },
  ];
}

/** How a sentence about the file goes on, for each form in which a file can hold the key. */
const formWords: Readonly<Record<KeyFileForm, string>> = {
  none: '',
  raw: '',
  'raw-newline': ' without its newline',
  hex: ', which is hex text',
  base64: ', which is base64 text',
  base64url: ', which is base64url text',
  pem: ', which is PEM text',
};

/**
 * Gives shell text that decodes base64 or base64url text of 32 bytes: 43 characters and one `=` for padding. Some programs
 * leave the padding out. So the shell text drops all other characters, then adds one `=`. base64url has `-` and `_` where
 * base64 has `+` and `/`.
 * @param text shell text that prints the base64 text.
 */
const decodeBase64 = (text: string) =>
  `{ ${text} | tr -dc 'A-Za-z0-9+/_-' | tr -- -_ +/; printf =; } | openssl base64 -d -A`;

/** Gives the shell text that prints the bytes of the key. @param path quoted for the shell. */
function decodeFile(path: string, form: KeyFileForm): string {
  switch (form) {
    case 'none':
    case 'raw':
      return `cat ${path}`;
    case 'raw-newline':
      return `head -c 32 ${path}`;
    case 'hex':
      // Removes `0x`, keeps only hex digits, and writes `\x` before each two of them, which printf turns into a byte. printf is
      // built into the shell, so no process has the digits among its arguments.
      return `printf "$(sed 's/0[xX]//g' ${path} | tr -cd '0-9a-fA-F' | sed 's/../\\\\x&/g')"`;
    case 'base64':
    case 'base64url':
      return decodeBase64(`cat ${path}`);
    case 'pem':
      return decodeBase64(`sed '/^-----/d' ${path}`);
  }
}
