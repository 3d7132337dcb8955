import { type CallTls, isPostQuantum } from '../aws/call-tls.ts';
import type { ActContext } from '../ceremony/step.ts';
import { type Facts, isPractice, need, type Wrapping } from './facts.ts';
import type { Services } from './services.ts';

// Pages: KMS API reference, GetParametersForImport.

/** Shows how the import was sent, when that was by TLS, and warns about a classical key exchange. */
export function reportTls({ services, report }: Pick<ActContext<Facts, Services>, 'services' | 'report'>): void {
  const tls = readImportTls(services);
  if (tls === undefined || tls === 'none') return;
  report({ id: 'tls', label: `It was sent over ${tlsWords(tls)}`, state: 'done' });
  classicalTlsWarning(tls).forEach((label, index) => {
    report({ id: `tls-${index}`, label, state: 'done' });
  });
}

/** Gives how the connection of the last import was encrypted; `undefined` when that was not noted. */
export function readImportTls(services: Pick<Services, 'journal'>): CallTls | undefined {
  return readLastTls(services, 'KMS.ImportKeyMaterial');
}

/** Gives how the connection of the last call of an operation was encrypted; `undefined` when that was not noted. */
function readLastTls({ journal }: Pick<Services, 'journal'>, operation: string): CallTls | undefined {
  const last = journal.lines.findLast((line) => line.kind === 'call' && line.operation === operation);
  return last?.kind === 'call' ? last.tls : undefined;
}

/**
 * Gives who sent the last wrapping key: the host, and the issuer of the certificate with which the host proved its name. Gives no
 * issuer when the key did not come by TLS, or nobody noted how it came.
 */
export function readSender(services: Pick<Services, 'journal' | 'session'>): NonNullable<Wrapping['sentBy']> {
  const { clients } = services.session;
  const tls = readLastTls(services, 'KMS.GetParametersForImport');
  const issuer = tls === undefined || tls === 'none' ? undefined : tls.issuer;
  return { host: new URL(clients.endpoints.kms.url).host, ...(issuer === undefined ? {} : { issuer }) };
}

/** Says who sent a wrapping key, and how that is known. */
export function senderLine(
  facts: Facts,
  services: Pick<Services, 'journal' | 'session'>,
): { readonly label: string; readonly note?: string } {
  if (isPractice(need(facts, 'connection'))) return { label: 'Practice AWS answered, on this machine' };
  const { host, issuer = 'an authority without a name' } = readSender(services);
  const tls = readLastTls(services, 'KMS.GetParametersForImport');
  if (tls === undefined || tls === 'none') return { label: `${host} answered, on this machine` };
  return {
    label: `${host} answered, with a certificate of ${issuer}`,
    note: `${tlsWords(tls)}: the whole proof of the key, because KMS does not sign it`,
  };
}

/** Says how the connection of a call was encrypted: `TLSv1.3, X25519MLKEM768, TLS_AES_256_GCM_SHA384`. */
export function tlsWords(tls: Exclude<CallTls, 'none'>): string {
  return `${tls.protocol}, ${tls.group ?? 'a key exchange that this Node does not name'}, ${tls.cipher}`;
}

/**
 * Warns about a classical key exchange: gives the reason, and what to do. Gives an empty list for a hybrid one, for plain HTTP,
 * and when the group is not known. AWS names ImportKeyMaterial first among the calls that want hybrid post-quantum TLS (KMS
 * developer guide, "Using hybrid post-quantum TLS with AWS KMS").
 * @param openssl the version of OpenSSL in this Node. From 3.5 on, it offers X25519MLKEM768 by itself.
 */
export function classicalTlsWarning(tls: CallTls | undefined, openssl = process.versions.openssl): readonly string[] {
  if (tls === undefined || tls === 'none' || tls.group === undefined || isPostQuantum(tls.group)) return [];
  const [major = 0, minor = 0] = openssl.split('.').map(Number);
  const isOffered = major > 3 || (major === 3 && minor >= 5);
  return [
    `The import went over TLS with a classical key exchange, ${tls.group}. Whoever recorded it may open it later, with a quantum computer.`,
    isOffered
      ? 'This Node offers X25519MLKEM768, and what answered did not take it: a proxy, or another endpoint than that of AWS.'
      : `This Node has OpenSSL ${openssl}. One with 3.5 or newer, as in Node 24, uses X25519MLKEM768 with AWS.`,
  ];
}
