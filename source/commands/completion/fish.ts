import { type Flag, flagsWithValue, type Takes, type Vocabulary } from './vocabulary.ts';

/**
 * Gives the completion script of keyferry for fish. The function `__keyferry_in` in the script tells whether a command is on the
 * command line. With an empty name, it tells whether no command is there yet.
 */
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

/** Gives the lines of the script for one command: its name, its argument and its flags. */
function commandLines({ name, says, flags, takes }: Vocabulary): string {
  const condition = `__keyferry_in ${name}`;
  const argumentLines =
    takes === 'nothing' || takes === 'anything' ? [] : [`complete -c keyferry -n '${condition}'${valueOptions(takes)}`];
  return [
    `complete -c keyferry -n '__keyferry_in ""' -a ${name} -d ${quote(says)}`,
    ...argumentLines,
    ...flags.map((flag) => flagLine(flag, condition)),
  ].join('\n');
}

/** Gives the line of the script for a flag. @param condition the fish command that tells whether fish offers the flag now. */
function flagLine({ long, short, says, takes }: Flag, condition: string): string {
  const spelling = ` -l ${long.slice(2)}${short === undefined ? '' : ` -s ${short.slice(1)}`}`;
  const value = takes === 'nothing' ? '' : ` -r${valueOptions(takes)}`;
  return `complete -c keyferry -n '${condition}'${spelling}${value} -d ${quote(says)}`;
}

/** Gives the options of fish's `complete` for a value: -F offers files, -f no files, -a the given words. */
function valueOptions(takes: Takes): string {
  if (takes === 'file') return ' -F';
  if (takes === 'folder') return " -f -a '(__fish_complete_directories)'";
  return takes === 'nothing' || takes === 'anything' ? ' -f' : ` -f -a '${takes.join(' ')}'`;
}

/** Writes text as one word in single quotes. In fish, a backslash and a single quote inside them need a backslash before. */
const quote = (text: string) => `'${text.replace(/[\\']/g, '\\$&')}'`;
