import assert from 'node:assert/strict';

/** A fixed key that begins like a UTF-16 mark and ends in a carriage return: a raw key that is easily misread. */
export const key = Buffer.from('fffe9c3b52d7e08147aa1c66f93d0b8e2457c0139fd4687bee05b1823a5fca0d', 'hex');
export const hex = key.toString('hex');
export const base64 = key.toString('base64');
export const base64url = key.toString('base64url');

/** An age identity for keys of the time after quantum computers: it is longer, and has a mark of its own. */
export const postQuantumIdentity = `AGE-SECRET-KEY-PQ-1${'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L'.repeat(2)}`;

/** Bytes that are neither text nor a pattern. */
export function someBytes(length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, index) => (index * index * 7 + 131) & 0xff));
}

export function pem(label: string, bytes: Uint8Array): string {
  const body = Buffer.from(bytes).toString('base64').replaceAll(/.{64}/g, '$&\n').trim();
  return `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;
}

export function utf16(text: string, mark = true): Buffer {
  return Buffer.from(`${mark ? '\uFEFF' : ''}${text}`, 'utf16le');
}

/** The copy rules: every sentence at most 20 words. */
export function assertPlain(findings: readonly string[]): void {
  assert.ok(findings.length > 0);
  for (const sentence of findings.flatMap((finding) => finding.split(/(?<=\.) /))) {
    assert.match(sentence, /^.+\.$/);
    assert.ok(sentence.split(' ').length <= 20, sentence);
  }
}
