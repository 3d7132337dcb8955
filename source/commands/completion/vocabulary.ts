import type { Argument, Command, Option } from 'commander';

/** The value of a flag or an argument: nothing, a file, a folder, anything, or one of the listed words. */
export type Takes = 'nothing' | 'file' | 'folder' | 'anything' | readonly string[];

/** A flag as a shell completes it. */
export type Flag = {
  /** With its dashes: `--workdir`. */
  readonly long: string;
  /** With its dash: `-v`. */
  readonly short: string | undefined;
  /** The description that a shell shows beside the flag. */
  readonly says: string;
  readonly takes: Takes;
};

/** The words with which a shell completes a command. The program itself counts as a command with an empty name. */
export type Vocabulary = {
  readonly name: string;
  /** The description that a shell shows beside the command. */
  readonly says: string;
  readonly flags: readonly Flag[];
  /** The value of its first argument. */
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

/** Gives the flags that take the next word as their value, of all commands, each once. */
export function flagsWithValue(commands: readonly Vocabulary[]): readonly string[] {
  return [
    ...new Set(
      commands.flatMap(({ flags }) => flags.filter(({ takes }) => takes !== 'nothing').map(({ long }) => long)),
    ),
  ];
}

/** Reads the words of one command from its definition. @param name the name of the command; empty for the program itself. */
function vocabularyOf(command: Command, name: string): Vocabulary {
  const argument = command.registeredArguments[0];
  return {
    name,
    says: firstSentence(command.description()),
    flags: command.createHelp().visibleOptions(command).map(flagOf),
    takes: argument === undefined ? 'nothing' : takesOf(argument, argument.name(), command.parent),
  };
}

/** Reads a flag from its definition. */
function flagOf(option: Option): Flag {
  // `--workdir <folder>` has the placeholder `folder`. There is none for a flag without a value, and none for a flag whose value
  // may be left out, such as `--example [ceremony]`: the next word may be something else.
  const placeholder = /<(.*)>/.exec(option.flags)?.[1];
  return {
    long: option.long ?? '',
    short: option.short,
    says: option.description,
    takes: placeholder === undefined ? 'nothing' : takesOf(option, placeholder),
  };
}

/**
 * Gives the possible values of a flag or an argument. They are its choices, if it has any; else the placeholder in the help tells
 * them, such as `<folder>`. A placeholder that is not known here means anything.
 * @param program the program whose command names are the values of the placeholder `command`.
 */
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

/** Gives the first sentence of a description, or its first line when that is shorter, without the point at the end. */
function firstSentence(text: string): string {
  return text.split(/\. |\n/)[0]?.replace(/\.$/, '') ?? '';
}
