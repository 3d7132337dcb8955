import type { Flag, Takes, Vocabulary } from './vocabulary.ts';

/**
 * Gives the completion script of keyferry for zsh. A person sources it, or puts it as the file `_keyferry` into a folder of fpath.
 */
export function completeInZsh(program: Vocabulary, commands: readonly Vocabulary[]): string {
  return `#compdef keyferry
# Completion of keyferry in zsh.
_keyferry() {
  local context state line
  local -a commands
  typeset -A opt_args
  commands=(
${commands.map(({ name, says }) => `    ${quote(`${escapeColons(name)}:${says}`)}`).join('\n')}
  )
  _arguments -C \\
${program.flags.flatMap(specsOf).map(indentedSpec).join('')}    '1: :->command' '*:: :->rest'
  case $state in
    command) _describe command commands ;;
    rest)
      case $line[1] in
${commands.map(commandCase).join('\n')}
      esac ;;
  esac
}
if [[ $funcstack[1] == _keyferry ]]; then _keyferry "$@"; else compdef _keyferry keyferry; fi
`;
}

/** Gives the branch of the script that completes the flags and the argument of one command. */
function commandCase({ name, flags, takes }: Vocabulary): string {
  const argument = takes === 'nothing' ? '' : `    ${quote(`*:${name}:${actionFor(takes)}`)}`;
  return `        ${name}) _arguments \\\n${flags.flatMap(specsOf).map(indentedSpec).join('')}${argument} ;;`;
}

/** Gives a spec as a line of the script that goes on in the next line. */
const indentedSpec = (spec: string) => `    ${spec} \\\n`;

/**
 * Gives a spec, as zsh's `_arguments` takes it, for each spelling of a flag. The `*` lets zsh offer a flag again that is on the
 * command line already, because some flags may be repeated.
 */
function specsOf({ long, short, says, takes }: Flag): readonly string[] {
  const value = takes === 'nothing' ? '' : `:value:${actionFor(takes)}`;
  // In the description, `[`, `]` and `\` need a backslash before.
  return [long, short].flatMap((name) =>
    name === undefined ? [] : [quote(`*${name}[${says.replace(/[[\]\\]/g, '\\$&')}]${value}`)],
  );
}

/** Gives the action of `_arguments` that offers the possible values. A space offers nothing. */
function actionFor(takes: Takes): string {
  if (takes === 'file') return '_files';
  if (takes === 'folder') return '_files -/';
  return takes === 'nothing' || takes === 'anything' ? ' ' : `(${takes.join(' ')})`;
}

const escapeColons = (text: string) => text.replaceAll(':', '\\:');

/** Writes text as one word in single quotes. A quote inside ends the quotes, stands escaped, and begins them again. */
const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
