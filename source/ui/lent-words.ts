/** Gives the line shown while another program uses the terminal, so that a person knows who asks. `what` names the program. */
export function lentWords(what: string): string {
  const name = what.charAt(0).toUpperCase() + what.slice(1);
  return `${name} runs now, and may ask you something here. Ctrl+C ends it. Keyferry goes on when it has ended.`;
}
