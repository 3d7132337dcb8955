import { quote } from '../ceremony/shell-word.ts';
import type { EquivalentCommand } from '../ceremony/step.ts';
import type { KeyFileForm } from '../material/inspect.ts';
import type { Backup } from './facts.ts';
import { plainKeyFile } from './file-names.ts';

/**
 * Gives the shell text that decrypts a backup to standard output; `age` asks for the passphrase itself.
 * @param identity the absolute path of the identity file, or an empty text when it is not known.
 */
export function ageDecryptCommand(file: string, by: 'passphrase' | 'recipients', identity: string): string {
  const key = by === 'recipients' ? ` --identity ${identity === '' ? 'IDENTITY_FILE' : quote(identity)}` : '';
  return `age --decrypt${key} ${quote(file)}`;
}

/** Gives the command that decrypts a backup into the plain key file, for commands that need this file. */
export function openBackupCommand(
  { file, by }: Exclude<Backup, { by: 'declined' }>,
  identity: string,
): EquivalentCommand {
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

/** Gives a subshell that writes output to the plain key file, for its owner alone. It fails when the file exists. */
const writeKeyFile = (source: string) => `(umask 077 && set -o noclobber && ${source} > ${plainKeyFile})`;

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
 * Decodes base64 or base64url text of 32 bytes: 43 characters and one `=` for padding. Some programs leave the padding out,
 * so it is removed and added. base64url has `-` and `_` for `+` and `/`.
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
      // printf is a part of the shell, so that no process has the digits among its arguments.
      return `printf "$(sed 's/0[xX]//g' ${path} | tr -cd '0-9a-fA-F' | sed 's/../\\\\x&/g')"`;
    case 'base64':
    case 'base64url':
      return decodeBase64(`cat ${path}`);
    case 'pem':
      return decodeBase64(`sed '/^-----/d' ${path}`);
  }
}
