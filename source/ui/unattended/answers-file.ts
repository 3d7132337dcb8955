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
 * some steps do not have this form, reads the others, and `notRead` has the mistakes. The answers themselves are checked later.
 * @throws AnswersError when the file cannot be read, when the form of every step is wrong, and when a part that was not read may
 * name the ceremony.
 */
export function readAnswersFile(path: string): GivenAnswers {
  const text = withoutNpmBanner(readText(path));
  const whole = readPart(text, 0);
  if (whole.findings.length === 0) return { path, ...whole.content };
  const findings: AnswersFinding[] = [];
  const unreadParts: string[] = [];
  const steps: Steps = new Map();
  let ceremony: GivenAnswers['ceremony'];
  for (const part of partsOf(text)) {
    const { findings: found, content } = readPart(part.text, part.linesBefore);
    findings.push(...found);
    if (found.length > 0) unreadParts.push(part.text);
    for (const [step, answers] of content.steps) if (found.length === 0) steps.set(step, answers);
    ceremony ??= content.ceremony;
  }
  // Some mistakes show only in the whole file, such as a step that the file has twice.
  if (findings.length === 0) findings.push(...whole.findings);
  // When a part that was not read may name the ceremony, nobody knows which steps there are.
  if (steps.size === 0 || unreadParts.some((lines) => /\bceremony\b/.test(lines)))
    throw new AnswersError(path, findings);
  return { path, steps, notRead: findings, ...(ceremony === undefined ? {} : { ceremony }) };
}

type Steps = Map<string, { line: number; answers: Map<string, GivenAnswer> }>;

/** What a text has: the mistakes in its form, and the answers of its steps. */
type ReadPart = {
  readonly findings: readonly AnswersFinding[];
  readonly content: { readonly steps: Steps; readonly ceremony?: { readonly id: string; readonly line: number } };
};

/**
 * Reads the steps in a text, and the ceremony that the text names; also finds the mistakes in its form. A text that is not YAML
 * gives no steps.
 * @param linesBefore how many lines of the file are before the text.
 */
function readPart(text: string, linesBefore: number): ReadPart {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const lineOf = (node: Node | null | undefined) =>
    linesBefore + (node?.range ? counter.linePos(node.range[0]).line : 1);
  const steps: Steps = new Map();
  const form = formFindings(text, document.errors, counter);
  if (form.length > 0)
    return { findings: form.map(({ line = 1, says }) => ({ line: linesBefore + line, says })), content: { steps } };
  const findings: AnswersFinding[] = [];
  let ceremony: ReadPart['content']['ceremony'];
  if (document.contents !== null && !isMap(document.contents)) {
    findings.push({
      line: lineOf(document.contents),
      says: `The file must be a mapping of steps to answers. For an example: ${ownCommand('run', '--example')}`,
    });
  }
  for (const { key, value } of isMap(document.contents) ? (document.contents.items as Pair<Node, Node | null>[]) : []) {
    const step = nameIn(key);
    const line = lineOf(key);
    if (step === 'ceremony' && isScalar(value)) {
      ceremony = { id: String(value.value), line };
      continue;
    }
    const answers = new Map<string, GivenAnswer>();
    steps.set(step, { line, answers });
    const isEmpty = value === null || (isScalar(value) && value.value === null);
    if (isMap(value)) findings.push(...readAnswers(step, value.items as Pair<Node, Node | null>[], answers, lineOf));
    else if (!isEmpty)
      findings.push({
        line,
        says: `${step} must be a mapping of questions to answers. For an example: ${ownCommand('run', '--example')}`,
      });
  }
  return { findings, content: { steps, ...(ceremony === undefined ? {} : { ceremony }) } };
}

/** Reads the answers of one step into `answers`. @returns a finding for each answer that Keyferry cannot take. */
function readAnswers(
  step: string,
  pairs: readonly Pair<Node, Node | null>[],
  answers: Map<string, GivenAnswer>,
  lineOf: (node: Node) => number,
): AnswersFinding[] {
  const findings: AnswersFinding[] = [];
  for (const { key, value } of pairs) {
    const answer = answerOf(value);
    const line = lineOf(key);
    const question = nameIn(key);
    if (answer === undefined)
      findings.push({
        line,
        says: `${step}.${question} has no answer that Keyferry can take: write text, true, false or a list of texts.`,
      });
    else answers.set(question, { answer, line, ...linesOf(value, lineOf) });
  }
  return findings;
}

/** Gives the name of a step or a question, from the key of a mapping. */
const nameIn = (key: Node) => String(isScalar(key) ? key.value : key);

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
 * saved an example with `npm start -- run --example > FILE`. The lines stay, so that line numbers are right. Also removes a byte
 * order mark.
 */
function withoutNpmBanner(text: string): string {
  // U+FEFF is the byte order mark, which some editors write at the beginning of a file.
  return text
    .replace(/^\uFEFF/, '')
    .replace(/^\s*> keyferry@[^\n]*\n> [^\n]*\n/, (banner) => banner.replaceAll(/^>/gm, '#'));
}

/** Gives the line numbers of the parts of a list, as the field `lines`. For another node, gives no field. */
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

/**
 * Gives the text of a single value; `undefined` for an empty one and any other node. A number such as `1e3` is a text, as it is
 * written.
 */
function textOf(node: Node | null): string | undefined {
  if (!isScalar(node) || node.value === null) return undefined;
  return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
}
