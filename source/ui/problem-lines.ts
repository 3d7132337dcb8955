import type { Problem } from '../ceremony/problem.ts';

/** A problem as lines, in the order that every interface keeps: what, why, state, next, request id. */
export function problemLines({ what, why, code, state, next, requestId }: Problem): readonly string[] {
  return [
    `x ${what}`,
    ...(why === undefined && code === undefined
      ? []
      : [`  ${[why, code === undefined ? undefined : `[${code}]`].filter((part) => part !== undefined).join(' ')}`]),
    ...(state === undefined ? [] : [`  ${state}`]),
    ...next.map((line) => `  > ${line}`),
    ...(requestId === undefined ? [] : [`  request ${requestId}`]),
  ];
}
