import type { Fate } from './between.ts';
import { requestKind } from './request-kind.ts';
import { type Spoil, spoils, spoilsOfHead } from './spoiled-answer.ts';

/** One request of a ceremony, and how it is answered from then on. */
export type Spoiled = {
  readonly kind: string;
  /** How many of its kind came before it. */
  readonly nth: number;
  readonly how: Spoil;
  /** Whether AWS does what was asked. */
  readonly hasActed: boolean;
  /** What is looked at afterwards, and is answered in the same way. */
  readonly then?: string;
};

/** Each way to spoil each of these requests, which a ceremony has made in this order. */
export function waysToSpoil(kinds: readonly string[]): readonly Spoiled[] {
  return kinds.flatMap((kind, index) => {
    const nth = kinds.slice(0, index).filter((each) => each === kind).length;
    const ways = kind.startsWith('s3:HEAD ') ? spoilsOfHead : spoils;
    return ways.flatMap((how) => [true, false].map((hasActed) => ({ kind, nth, how, hasActed })));
  });
}

/** Decides about each request as {@link Spoiled} says; `met` counts those that it has spoiled. */
export function spoiling({ kind, nth, how, hasActed, then }: Spoiled, everyMs: number) {
  let seen = 0;
  const fate = { spoil: how, everyMs, hasActed } as const;
  const decider = {
    met: 0,
    by: (call: string): Fate => {
      const asked = requestKind(call);
      if (asked === kind) seen += 1;
      const isMet = (asked === kind && seen > nth) || (asked === then && decider.met > 0);
      if (!isMet) return undefined;
      decider.met += 1;
      return fate;
    },
  };
  return decider;
}
