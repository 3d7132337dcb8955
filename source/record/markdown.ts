/** Text inside of a line of Markdown, whatever it holds. */
export const inline = (text: string) =>
  text
    .replaceAll(/[\r\n]+/g, ' ')
    .replaceAll('|', '\\|')
    .replaceAll(/[<`]/g, '\\$&');

/** A name as code, also in a table. */
export const code = (text: string) =>
  `\`${text
    .replaceAll(/[\r\n]+/g, ' ')
    .replaceAll('`', "'")
    .replaceAll('|', '\\|')}\``;

/** A table with these heads. */
export const rows = (head: readonly string[], body: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...body].map((row) => `| ${row.join(' | ')} |`).join('\n');

/** A table of names and what they are. */
export const table = (body: readonly (readonly string[])[]) => rows(['', ''], body);
