import type { ClosingPage } from '../ceremony/conclusion.ts';
import type { Problem } from '../ceremony/problem.ts';
import type { PanelContent } from '../ceremony/question.ts';
import type { Redact } from '../terminal/redaction.ts';

/** Gives a page of text with stand-ins. */
export const redactPanel = ({ title, lines }: PanelContent, redact: Redact): PanelContent => ({
  title: redact(title),
  lines: lines.map(redact),
});

/** Gives a problem with stand-ins. */
export function redactProblem(problem: Problem, redact: Redact): Problem {
  const { what, why, state, next, requestId, remedies } = problem;
  return {
    ...problem,
    what: redact(what),
    ...(why === undefined ? {} : { why: redact(why) }),
    ...(state === undefined ? {} : { state: redact(state) }),
    next: next.map(redact),
    ...(requestId === undefined ? {} : { requestId: redact(requestId) }),
    ...(remedies === undefined
      ? {}
      : { remedies: remedies.map((remedy) => ({ ...remedy, label: redact(remedy.label) })) }),
  };
}

/** Gives the last page with redacted lines. Its actions give redacted results. Its links are left out: their addresses are real. */
export function redactPage(
  { title, lines, commands = [], actions = [], emphasis = new Map() }: ClosingPage,
  redact: Redact,
): ClosingPage {
  return {
    title,
    lines: lines.map(redact),
    commands: commands.map(redact),
    emphasis: new Map([...emphasis].map(([text, why]) => [redact(text), why])),
    actions: actions.map((action) => ({
      ...action,
      act: () => {
        const result = action.act();
        return typeof result === 'string' ? redact(result) : redactPanel(result, redact);
      },
    })),
  };
}
