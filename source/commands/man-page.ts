import type { Command, Option } from 'commander';
import { version } from '../version.ts';

/**
 * Gives the manual page keyferry(1) in the language of man(7), from the same definitions as --help: each command with its
 * description, flags and examples. It has no date, so that the same program always gives the same page.
 */
export function manPage(program: Command): string {
  const help = program.createHelp();
  const commands = help.visibleCommands(program);
  return [
    `.TH KEYFERRY 1 "" ${quoteText(`keyferry ${version}`)} "User Commands"`,
    '.nh',
    '.SH NAME',
    `keyferry \\- ${escapeText('bring your own key into AWS KMS, step by step')}`,
    '.SH SYNOPSIS',
    ...[program, ...commands].flatMap((command) => ['.PP', `.B ${escapeText(help.commandUsage(command))}`]),
    '.SH DESCRIPTION',
    ...paragraphs(program.description()),
    '.SH OPTIONS',
    ...help.visibleOptions(program).flatMap(optionLines),
    ...verbatim(textAfterHelp(program)),
    '.SH COMMANDS',
    ...commands.flatMap((command) => [
      `.SS ${quoteText(help.commandUsage(command))}`,
      ...paragraphs(command.description()),
      ...command.registeredArguments.flatMap((argument) => taggedParagraph(argument.name(), argument.description)),
      ...help.visibleOptions(command).flatMap(optionLines),
      ...verbatim(textAfterHelp(command)),
    ]),
    '',
  ].join('\n');
}

/** Gives the text that `addHelpText('after')` has added. Commander can only print it, so its output is caught. */
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
  return taggedParagraph(option.flags, option.description);
}

function taggedParagraph(term: string, text: string): readonly string[] {
  return ['.TP', `.B ${escapeText(term)}`, escapeText(text)];
}

function paragraphs(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => ['.PP', escapeText(line)]);
}

function verbatim(text: string): readonly string[] {
  return text === '' ? [] : ['.PP', '.nf', ...text.split('\n').map(escapeText), '.fi'];
}

/** Escapes text so that man reads nothing in it as an instruction: a backslash, a hyphen, a point or a quote that begins a line. */
function escapeText(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(?=[.'])/, '\\&');
}

function quoteText(text: string): string {
  return `"${escapeText(text).replaceAll('"', '""')}"`;
}
