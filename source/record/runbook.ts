import { inline } from './markdown.ts';
import { type Transcript, withoutRepetition } from './transcript.ts';

/** Gives a finished ceremony as a page of Markdown: what each step did and why, and the commands that do the same. */
export function runbook(transcript: Transcript): string {
  const { title, version, finishedAt, accountId, region, practice, steps } = transcript;
  const sections = withoutRepetition(steps).flatMap(({ title: step, why, receipt, commands }, index) => [
    `## ${index + 1}. ${step}`,
    why,
    `Done: ${escapeMarkdown(receipt)}.`,
    ...commands.flatMap(({ says, shell, destroys }) => [
      `${escapeMarkdown(says)}${destroys === true ? '. It cannot be undone' : ''}:`,
      fenceShell(shell),
    ]),
  ]);
  return `${[
    `# ${title}: runbook`,
    `Done with Keyferry ${version}, finished at ${finishedAt}, in account ${accountId}, ${region}${practice === undefined ? '' : ' (practice)'}.`,
    'The commands need bash, aws and openssl 3, and run in one shell, in the folder of the ceremony or a new one.',
    ...(practice === undefined
      ? []
      : ['For practice AWS, first paste the lines that this prints:', fenceShell(practice)]),
    ...sections,
  ].join('\n\n')}\n`;
}

/**
 * Gives shell text as a fenced code block. The fence has more backticks than any row of them in the text: CommonMark 0.31,
 * section 4.5.
 */
function fenceShell(shell: string): string {
  const longestRow = Math.max(2, ...(shell.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longestRow + 1);
  return `${fence}sh\n${shell}\n${fence}`;
}

/** Makes a text one line, in which Markdown reads nothing as markup except whole URLs. */
const escapeMarkdown = (text: string) => inline(text).replaceAll('_', '\\_');
