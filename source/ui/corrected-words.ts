/** Said when the right answer was put into the field in place of a wrong one. */
export const correctedWords = 'The right one is chosen now: Enter takes it.';
