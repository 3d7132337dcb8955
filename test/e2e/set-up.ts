/** The question that decides how much is asked. */
export const howMuch = 'How do you want to set it up?';

/** What a person types there to be asked everything: the keys on the screen, and the line. */
export const everything = { keys: 'j\r', line: '2' } as const;
