import type { Define } from './define.ts';

export const defineExplain: Define = (program, end) => {
  program
    .command('explain')
    .description('Explains an error of AWS, the aws command or openssl: what it means, why, and what to do.')
    .argument('[text...]', 'a code, or the pasted error; without it, standard input is read')
    // Pasted text may contain words that look like flags.
    .allowUnknownOption()
    .addHelpText(
      'after',
      `
Example:
  keyferry explain InvalidCiphertextException
  aws kms import-key-material ... 2>&1 | keyferry explain

  InvalidCiphertextException, from ImportKeyMaterial

  The material was not imported.
  The key is as it was; your secret is unchanged.

  What it means
    KMS could not unwrap the material, and gives no reason. ...

Of a log with several answers of AWS, the last is explained, and those before it are named.

keyferry explain permissions > policy.json writes an IAM policy for a first import,
with what it needs after a lost answer, and says what can be left out.
Exit status: 0 explained, 1 not known, 2 nothing to explain.`,
    )
    .action(async (words: readonly string[]) => {
      const { explainPasted } = await import('../explain.ts');
      const { readTerminal } = await import('../../terminal/terminal-facts.ts');
      const { env, stdin, stdout, stderr } = process;
      end(await explainPasted(words, { stdin, stdout, stderr, terminal: readTerminal({ env, stdin, stdout }) }));
    });
};
