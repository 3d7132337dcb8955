import { type Flag, flagsWithValue, type Takes, type Vocabulary } from './vocabulary.ts';

/**
 * Gives the completion script of keyferry for bash 3.2 and later. In the script, the word after a flag that takes a value
 * is its value, and the first other word without a dash is the command.
 */
export function completeInBash(program: Vocabulary, commands: readonly Vocabulary[]): string {
  const flags = [program, ...commands].flatMap((command) => command.flags);
  return `# Completion of keyferry in bash.
_keyferry() {
  local IFS=$'\\n' cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command= i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in
      ${flagsWithValue([program, ...commands]).join('|')}) ((i++)) ;;
      -*) ;;
      *) command=\${COMP_WORDS[i]}; break ;;
    esac
  done
  case $prev in
${valueCases(flags)}
  esac
  case $command in
${[program, ...commands].map((command) => commandCase(command, commands)).join('\n')}
  esac
}
complete -F _keyferry keyferry
`;
}

/** Gives the branches of the script that complete the value of a flag. Commands that share a flag share its branch. */
function valueCases(flags: readonly Flag[]): string {
  const cases = flags.flatMap(({ long, takes }) =>
    takes === 'nothing' ? [] : [`    ${long}) ${offer(takes)}return ;;`],
  );
  return [...new Set(cases)].join('\n');
}

/**
 * Gives the branch of the script for one command. The branch completes a flag when the word begins with a dash, or else the
 * argument; `:` does nothing, where no argument can be offered. The empty name stands for the program itself, whose argument is a
 * command.
 */
function commandCase({ name, flags, takes }: Vocabulary, commands: readonly Vocabulary[]): string {
  const flagWords = flags.map(({ long }) => long).join('\\n');
  const argument = name === '' ? commands.map((command) => command.name) : takes;
  return `    ${name === '' ? "''" : name})
      if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W $'${flagWords}' -- "$cur")); else ${offer(argument) || ':; '}fi ;;`;
}

/** Gives the bash command that offers the possible values; an empty text when nothing can be offered. */
function offer(takes: Takes): string {
  if (takes === 'file' || takes === 'folder') {
    const kind = takes === 'file' ? '-f' : '-d';
    return `COMPREPLY=($(compgen ${kind} -- "$cur")); compopt -o filenames 2> /dev/null; `;
  }
  return takes === 'nothing' || takes === 'anything'
    ? ''
    : `COMPREPLY=($(compgen -W $'${takes.join('\\n')}' -- "$cur")); `;
}
