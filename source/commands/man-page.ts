import type { Command, Option } from 'commander';
import { version } from '../version.ts';

/**
 * Writes the manual page keyferry(1) in the language of man(7), from the same definitions as --help: each command with its description, flags and
 * examples. It has no date, so that the same program gives the same page.
 */
export function manPage(program: Command): string {
  const help = program.createHelp();
  const commands = help.visibleCommands(program);
  return [
    `.TH KEYFERRY 1 "" ${quoted(`keyferry ${version}`)} "User Commands"`,
    '.nh',
    '.SH NAME',
    `keyferry \\- ${escaped('bring your own key into AWS KMS, step by step')}`,
    '.SH SYNOPSIS',
    ...[program, ...commands].flatMap((command) => ['.PP', `.B ${escaped(help.commandUsage(command))}`]),
    '.SH DESCRIPTION',
    ...paragraphs(program.description()),
    '.SH OPTIONS',
    ...help.visibleOptions(program).flatMap(optionLines),
    ...verbatim(textAfterHelp(program)),
    '.SH COMMANDS',
    ...commands.flatMap((command) => [
      `.SS ${quoted(help.commandUsage(command))}`,
      ...paragraphs(command.description()),
      ...command.registeredArguments.flatMap((argument) => tagged(argument.name(), argument.description)),
      ...help.visibleOptions(command).flatMap(optionLines),
      ...verbatim(textAfterHelp(command)),
    ]),
    '',
  ].join('\n');
}

/** What `addHelpText('after')` adds: commander writes it, but gives it nowhere. */
function textAfterHelp(command: Command): string {
  let written = '';
  const before = command.configureOutput();
  command.configureOutput({
    ...before,
    writeOut: (text) => {
      written += text;
    },
  });
  command.outputHelp();
  command.configureOutput(before);
  return written.slice(command.helpInformation().length).trim();
}

function optionLines(option: Option): readonly string[] {
  return tagged(option.flags, option.description);
}

function tagged(term: string, text: string): readonly string[] {
  return ['.TP', `.B ${escaped(term)}`, escaped(text)];
}

function paragraphs(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => ['.PP', escaped(line)]);
}

function verbatim(text: string): readonly string[] {
  return text === '' ? [] : ['.PP', '.nf', ...text.split('\n').map(escaped), '.fi'];
}

/** No character of the text is read as an instruction: a backslash, a hyphen that is no minus, or a point that begins a line. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(?=[.'])/, '\\&');
}

function quoted(text: string): string {
  return `"${escaped(text).replaceAll('"', '""')}"`;
}
