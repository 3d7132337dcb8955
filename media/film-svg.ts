import type { TerminalSession } from '../test/e2e/terminal-session.ts';
import { pageAsSvg, rowsAsSvg } from './screen-svg.ts';

/** A screen and for how long it is shown, in seconds. */
type Shot = { readonly rows: readonly string[]; readonly seconds: number };

/** A row that stays the same over some shots: from the first of them up to, and without, `end`. */
type Stretch = { readonly svg: string; readonly start: number; readonly end: number };

/** An animated SVG of a terminal: real text, no script, and a still last screen where motion is not wanted. */
export class Film {
  readonly #session: TerminalSession;
  readonly #shots: Shot[] = [];

  constructor(session: TerminalSession) {
    this.#session = session;
  }

  /** Adds what the terminal shows now. */
  shoot(seconds: number): void {
    this.#shots.push({ rows: rowsAsSvg(this.#session), seconds });
  }

  /** The film, which begins again when it has ended. */
  asSvg(title: string): string {
    const times = [0];
    for (const { seconds } of this.#shots) times.push((times.at(-1) ?? 0) + seconds);
    const total = times.at(-1) ?? 0;
    const percent = (shot: number) => (((times[shot] ?? total) / total) * 100).toFixed(3);
    const last = this.#shots.length;
    const stretches = this.#stretches();
    const spans = new Map(stretches.map(({ start, end }) => [`s${start}-${end}`, { start, end }]));
    const rules = [...spans].map(([name, { start, end }]) => {
      // With step-end each rule holds until the next one, so that a row appears and goes at once.
      const hidden = (shot: number) => `${percent(shot)}%{visibility:hidden}`;
      const steps = [
        ...(start === 0 ? [] : [hidden(0)]),
        `${percent(start)}%{visibility:visible}`,
        ...(end === last ? [] : [hidden(end)]),
      ];
      return { name, keyframes: `@keyframes ${name}{${steps.join('')}}`, still: end === last };
    });
    const style = [
      `.f{animation:${total.toFixed(2)}s step-end infinite}`,
      ...rules.map(({ name, keyframes }) => `${keyframes}.${name}{animation-name:${name}}`),
      '@media(prefers-reduced-motion:reduce){.f{animation:none;visibility:hidden}',
      `${rules.flatMap(({ name, still }) => (still ? [`.${name}`] : [])).join(',')}{visibility:visible}}`,
    ].join('');
    const body = stretches.map(({ svg, start, end }) => `<g class="f s${start}-${end}">${svg}</g>`);
    return pageAsSvg(this.#session, { title, style, body });
  }

  /** Rows that do not change between shots are drawn once. */
  #stretches(): readonly Stretch[] {
    const stretches: Stretch[] = [];
    for (const [row] of (this.#shots[0]?.rows ?? []).entries()) {
      let start = 0;
      for (let shot = 1; shot <= this.#shots.length; shot += 1) {
        const svg = this.#shots[start]?.rows[row] ?? '';
        if (shot < this.#shots.length && this.#shots[shot]?.rows[row] === svg) continue;
        if (svg !== '') stretches.push({ svg, start, end: shot });
        start = shot;
      }
    }
    return stretches;
  }
}
