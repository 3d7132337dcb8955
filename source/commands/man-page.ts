import type { Command, Option } from 'commander';
import { version } from '../version.ts';

/**
 * Gives the manual page keyferry(1) in the markup of man(7). The definitions that give --help also give its commands, with their
 * descriptions, flags and examples. It has no date, so that the same program always gives the same page.
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

/**
 * Gives the text that `addHelpText('after')` has added to the help of a command. Commander can only print this text, so the
 * function catches the printed help, and cuts off the help before the text.
 */
function textAfterHelp(command: Command): string {
  let printed = '';
  const usualOutput = command.configureOutput();
  command.configureOutput({
    ...usualOutput,
    writeOut: (text) => {
      printed += text;
    },
  });
  command.outputHelp();
  command.configureOutput(usualOutput);
  return printed.slice(command.helpInformation().length).trim();
}

function optionLines(option: Option): readonly string[] {
  return taggedParagraph(option.flags, option.description);
}

/** Gives a term and its description: `.TP` begins the two, and `.B` makes the term bold. */
function taggedParagraph(term: string, text: string): readonly string[] {
  return ['.TP', `.B ${escapeText(term)}`, escapeText(text)];
}

/** Gives each line of a text as a paragraph, which `.PP` begins. */
function paragraphs(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => ['.PP', escapeText(line)]);
}

/** Gives a text whose lines stay as they are: between `.nf` and `.fi`, man does not fill lines. */
function verbatim(text: string): readonly string[] {
  return text === '' ? [] : ['.PP', '.nf', ...text.split('\n').map(escapeText), '.fi'];
}

/**
 * Escapes a line of text so that man takes nothing in it as markup. That is a backslash, a hyphen, and a point or a single quote at
 * its beginning.
 */
function escapeText(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(?=[.'])/, '\\&');
}

/** Gives text as one argument of a line of markup: in double quotes, with each double quote inside doubled. */
function quoteText(text: string): string {
  return `"${escapeText(text).replaceAll('"', '""')}"`;
}
