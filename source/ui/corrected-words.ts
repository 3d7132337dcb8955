/** Said where the right answer was put into the field in place of a wrong one. */
export const correctedWords = 'It is chosen now in place of the other: Enter takes it.';
