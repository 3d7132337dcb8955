import { hideSecrets } from '../aws/foreign-line.ts';
import { chooseReading } from '../aws/problems/catalogue.ts';
import type { Help } from '../aws/problems/entry.ts';
import { findErrorNames, isErrorName } from '../aws/problems/error-names.ts';
import { nearestErrors } from '../aws/problems/nearest.ts';
import { describeOperation } from '../aws/problems/operations.ts';
import type { Recognised } from '../aws/problems/recognise.ts';
import { ownCommand } from '../ceremony/own-command.ts';

/**
 * Gives the lines that explain a known error. Of the pasted text, the lines have only the name of the error, the operation and
 * the sentence of the service, without what looks like a secret.
 */
export function helpLines({ name, operation, sentence, isAnswer }: Recognised, help: Help): readonly string[] {
  const effect = operation === undefined ? undefined : describeOperation(operation);
  const { why, causes = [], look = [], next, commands = [], speaker = isAnswer ? 'AWS' : 'The text' } = help;
  const heading = showName(name);
  // AWS's sentence about a missing permission names the action.
  const [, action = 'ACTION'] = /not authorized to perform: (\w{1,60}:\w{1,60})/.exec(sentence ?? '') ?? [];
  return [
    effect === undefined ? heading : `${heading}, from ${operation}`,
    ...(effect === undefined ? [] : ['', effect.what, effect.state]),
    '',
    'What it means',
    `  ${why}`,
    ...(sentence === undefined ? [] : [`  ${speaker} says: ${hideSecrets(sentence)}`]),
    ...section(
      'Likely causes, the first most likely',
      causes.map((cause, index) => `  ${index + 1}. ${cause}`),
    ),
    ...section(
      'How to look',
      look.map((command) => `  $ ${command.replace('ACTION', action)}`),
    ),
    ...section(
      'What to do',
      next.map((step) => `  - ${step}`),
    ),
    ...section(
      'By hand',
      commands.map((command) => `  $ ${command}`),
    ),
  ];
}

/** How many errors before the last one of a text are told, in a line each. */
const mostOthers = 2;

/**
 * Gives the lines about the errors before the last one of a text, such as a log.
 * @param others these errors, the last first.
 */
export function otherLines(others: readonly Recognised[]): readonly string[] {
  const told = others.slice(0, mostOthers).map((error) => {
    const from = error.operation === undefined ? '' : `, from ${error.operation}`;
    return `  - ${showName(error.name)}${from}: ${chooseReading(error.entry, error).why}`;
  });
  const more = others.length - told.length;
  return section('Errors before this one, the last first', [
    ...told,
    ...(more === 0 ? [] : [`  - and ${more} more of other kinds`]),
    ...(told.length === 0 ? [] : [`  To have one explained, give it alone: ${ownCommand('explain', 'NAME')}`]),
  ]);
}

/** The longest name of an error that is shown whole, in characters. */
const mostOfName = 100;

/**
 * Gives the name of an error, or the words by which it was found, as they may be shown: without what looks like a secret, and at
 * most {@link mostOfName} characters. Some names of errors are as long as a secret. So when something would be hidden or cut, and
 * the last part, after a point or `#`, is the name of an error, gives that part alone.
 */
function showName(name: string): string {
  // Cut after hiding, because half a secret does not look like one.
  const shown = hideSecrets(name).slice(0, mostOfName);
  const lastPart = name.slice(name.search(/[^.#]*$/));
  const isLastPartName = /^[A-Za-z]+$/.test(lastPart) && isErrorName(lastPart);
  return shown !== name && isLastPartName ? lastPart : shown;
}

/** Gives the lines of a section under its title; nothing for a section without lines. */
function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', title, ...lines];
}

/**
 * Gives the lines for a text in which no known error was found: the name in it that looks like an error, similar names that
 * are known, and what to paste.
 * @param isShortened true when only parts of a long text were read.
 */
export function unknownLines(text: string, { isShortened }: { isShortened: boolean }): readonly string[] {
  const [word] = findErrorNames(text);
  const nearest = nearestErrors(word ?? text.trim().slice(0, 60));
  const hasSeveralWords = /\S\s+\S/.test(text);
  return [
    // A text of one word may be anything, so its word must look like the name of an error.
    word !== undefined && (hasSeveralWords || isErrorName(word))
      ? `Keyferry does not know ${showName(word)}.`
      : 'Nothing that Keyferry knows is in this text.',
    ...(nearest.length === 0 ? [] : [`Nearest names that it knows: ${nearest.join(', ')}`]),
    ...(isShortened
      ? ['The text is long: its beginning, its end and the lines with words such as error were read.']
      : []),
    '',
    'What to give it',
    '  - the whole text that the tool printed: of the aws command, boto3, an SDK, Terraform, CloudFormation, sops, openssl',
    '  - at least the line with "An error occurred (...)", "api error ...", "(Service: ...)" or <Code>',
    '  - or the name of the error alone: mostly the word before the first colon',
    `  $ ${ownCommand('explain', 'AccessDeniedException')}`,
    `  $ aws kms describe-key --key-id KEY 2>&1 | ${ownCommand('explain')}`,
  ];
}
