import { isMap, isScalar, isSeq, LineCounter, type Node, type Pair, parseDocument } from 'yaml';
import { ownCommand } from '../../ceremony/own-command.ts';
import type { Answer } from '../../ceremony/question.ts';
import { readPrivateText } from '../../disk/private-file.ts';
import { AnswersError, type AnswersFinding, type GivenAnswer, type GivenAnswers } from './given-answers.ts';

/** An answers file with more bytes is not read. The longest example has 10 thousand. */
const mostBytes = 1024 * 1024;

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

/**
 * Reads the text of the answers file.
 * @throws AnswersError when the file cannot be read.
 */
function readText(path: string): string {
  const text = readPrivateText(path, 'may read', mostBytes);
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
