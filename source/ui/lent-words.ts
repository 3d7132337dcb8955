/** What stands in the terminal while a program has it, so that a person knows who asks there. `what` names the program. */
export function lentWords(what: string): string {
  const name = what.charAt(0).toUpperCase() + what.slice(1);
  return `${name} runs now, and may ask you something here. Ctrl+C ends it. Keyferry goes on when it has ended.`;
}
