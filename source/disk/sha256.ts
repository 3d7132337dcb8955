import { hash } from 'node:crypto';

/** Gives the SHA-256 of bytes, or of a text in UTF-8. In hex. */
export const sha256Of = (data: Uint8Array | string): string => hash('sha256', data, 'hex');
