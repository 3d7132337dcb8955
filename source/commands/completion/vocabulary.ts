import type { Argument, Command, Option } from 'commander';

/** What a flag or an argument takes: nothing, a file, a folder, any value, or one of these words. */
export type Takes = 'nothing' | 'file' | 'folder' | 'anything' | readonly string[];

/** A flag as a shell completes it. */
export type Flag = {
  readonly long: string;
  readonly short: string | undefined;
  readonly says: string;
  readonly takes: Takes;
};

/** A command as a shell completes it. The program itself is one, with an empty name. */
export type Vocabulary = {
  readonly name: string;
  readonly says: string;
  readonly flags: readonly Flag[];
  readonly takes: Takes;
};

/** Reads the flags and arguments of the program and of its commands from the definitions for help. */
export function readVocabulary(program: Command): {
  readonly program: Vocabulary;
  readonly commands: readonly Vocabulary[];
} {
  const commands = program.createHelp().visibleCommands(program);
  return {
    program: vocabularyOf(program, ''),
    commands: commands.map((command) => vocabularyOf(command, command.name())),
  };
}

/** Gives, for all commands together, the flags after which the next word is the value of the flag. */
export function flagsWithValue(commands: readonly Vocabulary[]): readonly string[] {
  return [
    ...new Set(
      commands.flatMap(({ flags }) => flags.filter(({ takes }) => takes !== 'nothing').map(({ long }) => long)),
    ),
  ];
}

function vocabularyOf(command: Command, name: string): Vocabulary {
  const argument = command.registeredArguments[0];
  return {
    name,
    says: firstSentence(command.description()),
    flags: command.createHelp().visibleOptions(command).map(flagOf),
    takes: argument === undefined ? 'nothing' : takesOf(argument, argument.name(), command.parent),
  };
}

function flagOf(option: Option): Flag {
  const placeholder = /<(.*)>/.exec(option.flags)?.[1];
  return {
    long: option.long ?? '',
    short: option.short,
    says: option.description,
    takes: placeholder === undefined ? 'nothing' : takesOf(option, placeholder),
  };
}

/** Tells which values a flag or argument takes, by its choices or by the placeholder in the help, such as `<folder>`. */
function takesOf(
  { argChoices }: Pick<Option | Argument, 'argChoices'>,
  placeholder: string,
  program: Command | null = null,
): Takes {
  if (argChoices !== undefined) return argChoices;
  if (placeholder === 'command' && program !== null) return program.commands.map((command) => command.name());
  if (placeholder === 'folder') return 'folder';
  return placeholder === 'file' ? 'file' : 'anything';
}

function firstSentence(text: string): string {
  return text.split(/\. |\n/)[0]?.replace(/\.$/, '') ?? '';
}
