/** Gives the line that tells a person that another program uses the terminal now. `what` names the program. */
export function describeLending(what: string): string {
  const name = what.charAt(0).toUpperCase() + what.slice(1);
  return `${name} runs now, and may ask you something here. Ctrl+C ends it. Keyferry goes on when it has ended.`;
}
