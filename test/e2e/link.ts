/** Bytes on their way; `carry` takes some, `deliver` is called with what arrives. */
export type Link = { readonly carry: (bytes: string) => void };

/** A line that holds everything back for a while and delivers it in one piece, as a slow ssh session does. */
export function laggyLink(milliseconds: number, deliver: (bytes: string) => void): Link {
  let held = '';
  return {
    carry: (bytes) => {
      if (held === '') {
        setTimeout(() => {
          const all = held;
          held = '';
          deliver(all);
        }, milliseconds);
      }
      held += bytes;
    },
  };
}

/** A person who types one character after the other. */
export function slowTyping(milliseconds: number, deliver: (bytes: string) => void): Link {
  const waiting: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  const next = () => {
    const character = waiting.shift();
    if (character !== undefined) deliver(character);
    timer = character === undefined ? undefined : setTimeout(next, milliseconds);
  };
  return {
    carry: (bytes) => {
      waiting.push(...bytes);
      if (timer === undefined) next();
    },
  };
}
