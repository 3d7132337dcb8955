import type { Journey } from './journey.ts';

/** What people copy: an ARN, or a SHA-256 in hex. */
const identifier = /^(?:arn:[\w-]+:\S+|[0-9a-f]{64})$/;

/** Finds the identifier on the screen to copy: the request id of a problem, else the first one alone on a line. */
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
