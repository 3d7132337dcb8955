import type { Journey } from './journey.ts';

/** Matches a text that people copy: an ARN, or a SHA-256 in hex. */
const identifier = /^(?:arn:[\w-]+:\S+|[0-9a-f]{64})$/;

/**
 * Finds the text on the screen that `y` copies. For a problem this is its request id. For the last page and for the help of a
 * question it is the first line that has an identifier and nothing else. Gives `undefined` when there is no such text.
 */
export function identifierOn({ stage }: Journey): string | undefined {
  switch (stage.phase) {
    case 'problem':
      return stage.problem.requestId;
    case 'closing':
      return stage.lines.find((line) => identifier.test(line));
    case 'asking':
      return stage.field.question.help?.split('\n').find((line) => identifier.test(line));
    default:
      return undefined;
  }
}
