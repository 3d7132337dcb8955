/** Gives the bits of a mode or of a umask as people write them, such as 0700. */
export const octal = (bits: number) => `0${bits.toString(8).padStart(3, '0')}`;
