/** Text in a sentence or a cell of Markdown: one line, and nothing in it is read as markup. */
export const inline = (text: string) =>
  text
    .replaceAll(/[\r\n]+/g, ' ')
    .replaceAll('|', '\\|')
    .replaceAll(/[<`]/g, '\\$&');

/** Text as code, also in a cell. */
export const code = (text: string) =>
  `\`${text
    .replaceAll(/[\r\n]+/g, ' ')
    .replaceAll('`', "'")
    .replaceAll('|', '\\|')}\``;

/** A table with a head; cells are Markdown already. */
export const rows = (head: readonly string[], body: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...body].map((row) => `| ${row.join(' | ')} |`).join('\n');

/** A table of names and values, without a head. */
export const table = (body: readonly (readonly string[])[]) => rows(['', ''], body);
