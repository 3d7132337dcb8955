import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { type Comment, parse } from 'acorn';
import { full } from 'acorn-walk';

/** A sentence of the program that says how AWS is, and whether the code beside it names the page that says so. */
export type Claim = { readonly sentence: string; readonly hasPage: boolean };

/* A claim has a service or any thing of AWS for its subject, and a verb in the present tense: `KMS takes`, `A key lives`. */

const clauseStart = String.raw`(?:^|[.:;,?] |\b(?:and|as|because|but|if|so that|than|that|then|until|what|when|where|which|while) )`;
const service =
  '(?:(?:[Ss]o )?(?:[Oo]nly )?(?:(?:AWS )?(?:KMS|S3|IAM|STS)|AWS(?: Support)?|CloudTrail|IAM Identity Center|[Tt]he (?:API|(?:AWS )?console)))';
const one =
  '(?:account|administrator|alias|bucket|custodian|expiry|grant|import|importer|key|material|object|policy|Region|replica|role|rotation|session|tag|token|upload|user)';
const many =
  '(?:[Aa]dministrators|[Aa]liases|[Bb]uckets|[Cc]ustodians|[Gg]rants|[Ii]mporters|[Kk]eys|[Mm]aterial|[Nn]ames|[Oo]bjects|[Pp]olicies|[Ss]essions|[Tt]ags|[Uu]ploads|[Uu]sers)';
/** `A KMS key`, `Each replica`: any such thing, while `the key` is the one of this ceremony. */
const anyThing = `(?:(?:[Aa]n?|[Aa]ll|[Aa]ny|[Ee]ach|[Ee]very|[Nn]ew|[Oo]nly|[Ss]ome) (?:[\\w-]+ ){0,2}${one}(?:s|es)?|${many})`;
const moreOfSubject = '(?: (?:behind|for|in|of|that|to|under|which|whose|with|without) [^.;:?]*?)?';
const adverbs = '(?: (?:also|alone|always|itself|never|now|only|still|then))*';
/** What AWS said or did in this run is no claim. */
const verb = String.raw`(?: and [a-z]+)? (?:are|can|cannot|do|have|may|must|(?!(?:as|asks|finds|has compared|is asked|its|says|tells|this|was)\b)[a-z]+(?<!s)s)\b`;
const claim = new RegExp(`${clauseStart}(?:${service}|${anyThing})${moreOfSubject}${adverbs}${verb}`);

/** `KMS developer guide, "Key policies"`, `KMS API reference, CreateAlias`: whose page it is, and its title. */
const page = /\b(?:guide|references?), (?:"[^"]+"|[A-Z]\w+)|AWS KMS pricing/;

/**
 * Gives each claim of a source file. A page in a comment counts for the whole statement that it stands before or in, such as
 * a step. One in a comment that begins with `Pages:` counts for the whole file.
 */
export function readClaims(path: string): readonly Claim[] {
  const text = stripTypeScriptTypes(readFileSync(path, 'utf8'));
  const comments: Comment[] = [];
  const { body } = parse(text, { ecmaVersion: 'latest', sourceType: 'module', onComment: comments });
  const pages = joinLines(comments, text).filter(({ value }) => page.test(value));
  const hasPageForAll = pages.some(({ value }) => value.startsWith(' Pages: '));
  return body.flatMap((statement, index) => {
    const from = body[index - 1]?.end ?? 0;
    const hasPage = hasPageForAll || pages.some(({ start }) => from <= start && start < statement.end);
    const sentences: string[] = [];
    full(statement, (node) => {
      if (node.type === 'Literal' && typeof node.value === 'string') sentences.push(...sentencesOf(node.value));
      if (node.type !== 'TemplateLiteral') return;
      sentences.push(...sentencesOf(node.quasis.map(({ value }) => value.cooked).join('…')));
    });
    return sentences.filter((sentence) => claim.test(sentence)).map((sentence) => ({ sentence, hasPage }));
  });
}

const sentencesOf = (text: string) => text.split(/(?<=[.?!])\s+|\n/).map((sentence) => sentence.trim());

/** Gives the comments with the stars of docstrings left out, and those of lines that follow each other as one. */
function joinLines(comments: readonly Comment[], text: string): readonly Pick<Comment, 'start' | 'end' | 'value'>[] {
  const joined: { start: number; end: number; value: string }[] = [];
  for (const { type, start, end, value } of comments) {
    const before = joined.at(-1);
    const words = value.replaceAll(/\s*\n\s*\*?\s*/g, ' ');
    if (type === 'Line' && before !== undefined && text.slice(before.end, start).trim() === '') {
      before.value += words;
      before.end = end;
    } else joined.push({ start, end, value: words });
  }
  return joined;
}
