/** Gives the bits of a file mode or of a umask in octal, as people write them: 0700. */
export const octal = (bits: number) => `0${bits.toString(8).padStart(3, '0')}`;
