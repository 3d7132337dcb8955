import { isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import { ownCommand } from '../../ceremony/own-command.ts';
import type { Answer } from '../../ceremony/question.ts';
import { readPrivateText } from '../../disk/private-file.ts';
import { formFindings } from './answers-form.ts';
import { partsOf } from './answers-parts.ts';
import { AnswersError, type AnswersFinding, type GivenAnswer, type GivenAnswers } from './given-answers.ts';

/** An answers file with more bytes is not read. The longest example has 10 thousand. */
const mostBytes = 1024 * 1024;

/**
 * Reads an answers file. It is YAML 1.2: a mapping of steps, in which each step is a mapping of questions to answers. When
 * steps of it are not in this form, the others are read, and `notRead` has the mistakes.
 * @throws AnswersError when no step can be read. The answers themselves are checked later.
 */
export function readAnswersFile(path: string): GivenAnswers {
  const text = withoutNpmBanner(readText(path));
  const whole = readPart(text, 0);
  if (whole.findings.length === 0) return { path, ...whole.read };
  const findings: AnswersFinding[] = [];
  const inDoubt: string[] = [];
  const steps: Steps = new Map();
  let ceremony: GivenAnswers['ceremony'];
  for (const part of partsOf(text)) {
    const { findings: found, read } = readPart(part.text, part.linesBefore);
    findings.push(...found);
    if (found.length > 0) inDoubt.push(part.text);
    for (const [step, answers] of read.steps) if (found.length === 0) steps.set(step, answers);
    ceremony ??= read.ceremony;
  }
  // What is wrong only with the parts together, such as a step that stands there twice.
  if (findings.length === 0) findings.push(...whole.findings);
  // When the ceremony may be among what was not read, nobody knows which steps there are.
  if (steps.size === 0 || inDoubt.some((lines) => /\bceremony\b/.test(lines))) throw new AnswersError(path, findings);
  return { path, steps, notRead: findings, ...(ceremony === undefined ? {} : { ceremony }) };
}

type Steps = Map<string, { line: number; answers: Map<string, GivenAnswer> }>;

type Read = {
  readonly findings: readonly AnswersFinding[];
  readonly read: { readonly steps: Steps; readonly ceremony?: { readonly id: string; readonly line: number } };
};

/** Reads steps in a text, and finds the mistakes in its form. */
function readPart(text: string, linesBefore: number): Read {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const lineOf = (node: Node | null | undefined) =>
    linesBefore + (node?.range ? counter.linePos(node.range[0]).line : 1);
  const steps: Steps = new Map();
  const form = formFindings(text, document.errors, counter);
  if (form.length > 0)
    return { findings: form.map(({ line = 1, says }) => ({ line: linesBefore + line, says })), read: { steps } };
  const findings: AnswersFinding[] = [];
  let ceremony: Read['read']['ceremony'];
  if (document.contents !== null && !isMap(document.contents)) {
    findings.push({
      line: lineOf(document.contents),
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
  return { findings, read: { steps, ...(ceremony === undefined ? {} : { ceremony }) } };
}

/**
 * Reads the text of the answers file.
 * @throws AnswersError when the file cannot be read.
 */
function readText(path: string): string {
  const text = readPrivateText(path, 'others may read', mostBytes);
  if (typeof text === 'string') return text;
  const example = text.exists ? '' : ` To make one: ${ownCommand('run', '--example')} > answers.yaml`;
  throw new AnswersError(path, [{ line: 1, says: `${text.why}${example}` }]);
}

/**
 * Turns the two lines that npm prints before the output of a script into comments of YAML: they are in the file when a person
 * saved an example with `npm start -- run --example > FILE`. The lines stay, so that line numbers are right.
 */
function withoutNpmBanner(text: string): string {
  // U+FEFF is the byte order mark, which some editors write at the beginning of a file.
  return text
    .replace(/^\uFEFF/, '')
    .replace(/^\s*> keyferry@[^\n]*\n> [^\n]*\n/, (banner) => banner.replaceAll(/^>/gm, '#'));
}

/** Gives the line numbers of the parts of a list, as the field `lines`. */
function linesOf(node: Node | null, lineOf: (node: Node) => number): Pick<GivenAnswer, 'lines'> {
  return isSeq(node) ? { lines: node.items.map((item) => lineOf(item as Node)) } : {};
}

/** Gives the answer that a node of YAML holds: a list of texts, a boolean or a text; `undefined` when it holds none of these. */
function answerOf(node: Node | null): Answer | undefined {
  if (isSeq(node)) {
    const items = node.items.map((item) => textOf(item as Node));
    return items.every((item) => item !== undefined) ? items : undefined;
  }
  if (isScalar(node) && typeof node.value === 'boolean') return node.value;
  return textOf(node);
}

/** Gives the text of a single value. A number such as `2026` or `1e3` is a text too, as it is written. */
function textOf(node: Node | null): string | undefined {
  if (!isScalar(node) || node.value === null) return undefined;
  return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
}
