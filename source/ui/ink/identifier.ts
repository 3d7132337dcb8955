import type { Journey } from './journey.ts';

/** Matches a text that people copy: an ARN, or a SHA-256 in hex. */
const identifier = /^(?:arn:[\w-]+:\S+|[0-9a-f]{64})$/;

/**
 * Finds the text on the screen that `y` copies: the request id of a problem, or the first line of the last page or of a help
 * text that is only an identifier.
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
