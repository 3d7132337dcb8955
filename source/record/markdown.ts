/**
 * Escapes text for a sentence or a table cell of Markdown: it becomes one line, and nothing in it is read as markup except
 * underscores and whole URLs. Names have many underscores; at the most, what is between two of them is shown in italics.
 */
export const inline = (text: string) => text.replaceAll(/[\r\n]+/g, ' ').replaceAll(/[\\|<`*[\]~&]/g, '\\$&');

/** Gives text as Markdown code on one line, also for a table cell. A backtick becomes an apostrophe. */
export const code = (text: string) =>
  `\`${text
    .replaceAll(/[\r\n]+/g, ' ')
    .replaceAll('`', "'")
    .replaceAll('|', '\\|')}\``;

/** Builds a Markdown table with a row of heads. The cells must be Markdown already. */
export const tableWithHead = (head: readonly string[], body: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...body].map((row) => `| ${row.join(' | ')} |`).join('\n');

/** Builds a Markdown table of names and values. Its row of heads is empty. */
export const tableWithoutHead = (body: readonly (readonly string[])[]) => tableWithHead(['', ''], body);
