import { readFileSync } from 'node:fs';
import { isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import { ownCommand } from '../../ceremony/own-command.ts';
import type { Answer } from '../../ceremony/question.ts';
import { diskReason } from '../../disk/reason.ts';

/** An answer from the file, with its line number; for a list also the line number of each part. */
export type GivenAnswer = { readonly answer: Answer; readonly line: number; readonly lines?: readonly number[] };

/** The content of an answers file: answers by step, then by question. */
export type GivenAnswers = {
  /** Of the file; empty for answers from the command line. */
  readonly path: string;
  /** What the command line calls an answer, by `STEP.QUESTION`. */
  readonly calls?: Readonly<Record<string, string>>;
  /** The ceremony for which the answers are. Absent when the file does not name one. */
  readonly ceremony?: { readonly id: string; readonly line: number };
  readonly steps: ReadonlyMap<string, { readonly line: number; readonly answers: ReadonlyMap<string, GivenAnswer> }>;
};

/** Something that is wrong in an answers file, with its line number. */
export type AnswersFinding = { readonly line: number; readonly says: string };

/** Says a finding behind its place in the file; answers from the command line have no file, and `path` is empty. */
export function findingWords(path: string, { line, says }: AnswersFinding): string {
  return path === '' ? says : `${path}:${line}: ${says}`;
}

/** Thrown with all mistakes of an answers file, so that a person can correct them at once. */
export class AnswersError extends Error {
  override readonly name = 'AnswersError';
  readonly path: string;
  readonly findings: readonly AnswersFinding[];

  constructor(path: string, findings: readonly AnswersFinding[]) {
    super(findings.map((finding) => findingWords(path, finding)).join('\n'));
    this.path = path;
    this.findings = findings;
  }
}

/**
 * Reads an answers file. It is YAML 1.2: a mapping of steps, in which each step is a mapping of questions to answers.
 * @throws AnswersError when the file does not have this form. The answers themselves are checked later.
 */
export function readAnswersFile(path: string): GivenAnswers {
  const counter = new LineCounter();
  const document = parseDocument(withoutNpmBanner(readText(path)), { lineCounter: counter, prettyErrors: false });
  const lineOf = (node: Node | null | undefined) => (node?.range ? counter.linePos(node.range[0]).line : 1);
  const findings: AnswersFinding[] = document.errors.map((error) => ({
    line: counter.linePos(error.pos[0]).line,
    says: `This is not YAML: ${error.message}`,
  }));
  const steps = new Map<string, { line: number; answers: Map<string, GivenAnswer> }>();
  let ceremony: GivenAnswers['ceremony'];
  if (findings.length === 0 && document.contents !== null && !isMap(document.contents)) {
    findings.push({
      line: 1,
      says: `The file must be a mapping of steps to answers. For an example: ${ownCommand('run', '--example')}`,
    });
  }
  for (const { key, value } of isMap(document.contents) ? (document.contents.items as Pair<Node, Node | null>[]) : []) {
    const answers = new Map<string, GivenAnswer>();
    const step = String(isScalar(key) ? key.value : key);
    if (step === 'ceremony' && isScalar(value)) {
      ceremony = { id: String(value.value), line: lineOf(key) };
      continue;
    }
    steps.set(step, { line: lineOf(key), answers });
    if (value === null || (isScalar(value) && value.value === null)) continue;
    if (!isMap(value)) {
      findings.push({
        line: lineOf(key),
        says: `${step} must be a mapping of questions to answers. For an example: ${ownCommand('run', '--example')}`,
      });
      continue;
    }
    for (const pair of value.items as Pair<Node, Node | null>[]) {
      const answer = answerOf(pair.value);
      const line = lineOf(pair.key);
      const question = String(isScalar(pair.key) ? pair.key.value : pair.key);
      if (answer === undefined)
        findings.push({
          line,
          says: `${step}.${question} has no answer that Keyferry can take: write text, true, false or a list of texts.`,
        });
      else answers.set(question, { answer, line, ...linesOf(pair.value, lineOf) });
    }
  }
  if (findings.length > 0) throw new AnswersError(path, findings);
  return { path, steps, ...(ceremony === undefined ? {} : { ceremony }) };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const says = `${diskReason(error)} To make one: ${ownCommand('run', '--example')} > answers.yaml`;
    throw new AnswersError(path, [{ line: 1, says }]);
  }
}

/** Turns the two lines that npm prints before an example into comments. They stay, so that line numbers are right. */
function withoutNpmBanner(text: string): string {
  return text
    .replace(/^\uFEFF/, '')
    .replace(/^\s*> keyferry@[^\n]*\n> [^\n]*\n/, (banner) => banner.replaceAll(/^>/gm, '#'));
}

function linesOf(node: Node | null, lineOf: (node: Node) => number): Pick<GivenAnswer, 'lines'> {
  return isSeq(node) ? { lines: node.items.map((item) => lineOf(item as Node)) } : {};
}

/** Reads an answer. Only `true` and `false` are not texts: `2026` and `1e3` stay as they are written. */
function answerOf(node: Node | null): Answer | undefined {
  if (isSeq(node)) {
    const items = node.items.map((item) => textOf(item as Node));
    return items.every((item) => item !== undefined) ? items : undefined;
  }
  if (isScalar(node) && typeof node.value === 'boolean') return node.value;
  return textOf(node);
}

function textOf(node: Node | null): string | undefined {
  if (!isScalar(node) || node.value === null) return undefined;
  return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
}
