import { quote } from '../ceremony/shell-word.ts';
import type { EquivalentCommand } from '../ceremony/step.ts';
import type { KeyFileForm } from '../material/inspect.ts';
import type { Backup } from './facts.ts';
import { plainKeyFile } from './file-names.ts';

/** Opens a backup onto standard output: `age` asks for the passphrase itself. @param identity an absolute path, or empty. */
export function ageDecrypt(file: string, by: 'passphrase' | 'recipients', identity: string): string {
  const key = by === 'recipients' ? ` --identity ${identity === '' ? 'IDENTITY_FILE' : quote(identity)}` : '';
  return `age --decrypt${key} ${quote(file)}`;
}

/** Takes the key out of its backup, where no plain file of it is kept. */
export function openBackupCommand(
  { file, by }: Exclude<Backup, { by: 'declined' }>,
  identity: string,
): EquivalentCommand {
  return {
    says: 'Take the plain key from the backup',
    shell: into(ageDecrypt(file, by, identity)),
    finds: plainKeyFile,
  };
}

/** Takes the plain file away again. */
export const removeKeyCommand: EquivalentCommand = {
  says: 'Overwrite and remove the plain key',
  shell: `shred --remove ${plainKeyFile}`,
  destroys: true,
};

/** A subshell that writes the key file for its owner alone, and fails where the file is there already. */
const into = (source: string) => `(umask 077 && set -o noclobber && ${source} > ${plainKeyFile})`;

/** Makes 256 random bits. */
export const generateKeyCommand: EquivalentCommand = {
  says: 'Make 32 random bytes that only you can read; a file that is there stays as it is',
  shell: into('openssl rand 32'),
  finds: plainKeyFile,
};

/** Takes the 32 bytes that a file holds, in whichever form it holds them. */
export function takeKeyCommands(path: string, form: KeyFileForm): readonly EquivalentCommand[] {
  return [
    { says: `Take the key from the file${words[form]}`, shell: into(reading(quote(path), form)), finds: plainKeyFile },
    { says: 'Look at the size: it must be 32', shell: `wc -c < ${plainKeyFile}` },
  ];
}

const words: Readonly<Record<KeyFileForm, string>> = {
  none: '',
  raw: '',
  'raw-newline': ' without its newline',
  hex: ', which is hex text',
  base64: ', which is base64 text',
  base64url: ', which is base64url text',
  pem: ', which is PEM text',
};

/** 32 bytes are 43 characters of base64 and one for padding, which some leave out; base64url has two signs of its own. */
const decoded = (text: string) =>
  `{ ${text} | tr -dc 'A-Za-z0-9+/_-' | tr -- -_ +/; printf =; } | openssl base64 -d -A`;

function reading(path: string, form: KeyFileForm): string {
  switch (form) {
    case 'none':
    case 'raw':
      return `cat ${path}`;
    case 'raw-newline':
      return `head -c 32 ${path}`;
    case 'hex':
      // The builtin printf keeps the digits off every process's command line.
      return `printf "$(sed 's/0[xX]//g' ${path} | tr -cd '0-9a-fA-F' | sed 's/../\\\\x&/g')"`;
    case 'base64':
    case 'base64url':
      return decoded(`cat ${path}`);
    case 'pem':
      return decoded(`sed '/^-----/d' ${path}`);
  }
}
