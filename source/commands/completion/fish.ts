import { type Flag, flagsWithValue, type Takes, type Vocabulary } from './vocabulary.ts';

/** Gives the completion script of keyferry for fish. */
export function completeInFish(program: Vocabulary, commands: readonly Vocabulary[]): string {
  return `# Completion of keyferry in fish.
function __keyferry_in --argument-names wanted
    set -l isValue no
    for word in (commandline -opc)[2..]
        if test $isValue = yes
            set isValue no
            continue
        end
        switch $word
            case ${flagsWithValue([program, ...commands]).join(' ')}
                set isValue yes
            case '-*'
            case '*'
                test $word = "$wanted"
                return
        end
    end
    test -z "$wanted"
end
complete -c keyferry -e
complete -c keyferry -f
${program.flags.map((flag) => flagLine(flag, '__keyferry_in ""')).join('\n')}
${commands.map(commandLines).join('\n')}
`;
}

function commandLines({ name, says, flags, takes }: Vocabulary): string {
  const seen = `__keyferry_in ${name}`;
  const words =
    takes === 'nothing' || takes === 'anything' ? [] : [`complete -c keyferry -n '${seen}'${valueWords(takes)}`];
  return [
    `complete -c keyferry -n '__keyferry_in ""' -a ${name} -d ${quote(says)}`,
    ...words,
    ...flags.map((flag) => flagLine(flag, seen)),
  ].join('\n');
}

function flagLine({ long, short, says, takes }: Flag, condition: string): string {
  const spelling = ` -l ${long.slice(2)}${short === undefined ? '' : ` -s ${short.slice(1)}`}`;
  const value = takes === 'nothing' ? '' : ` -r${valueWords(takes)}`;
  return `complete -c keyferry -n '${condition}'${spelling}${value} -d ${quote(says)}`;
}

function valueWords(takes: Takes): string {
  if (takes === 'file') return ' -F';
  if (takes === 'folder') return " -f -a '(__fish_complete_directories)'";
  return typeof takes === 'string' ? ' -f' : ` -f -a '${takes.join(' ')}'`;
}

const quote = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`;
