import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { diskReason } from '../disk/reason.ts';
import { SettingsError } from './settings-error.ts';
import type { Settings } from './shared-config.ts';

/**
 * Reads the certificates of a bundle file.
 * @param bundle.from the name of the setting that contains the path, for messages.
 * @returns PEM texts: first the authorities that Node trusts already (its own, those of NODE_EXTRA_CA_CERTS, and the
 * system's when they are switched on), then those of the file. Node.js manual, `tls.getCACertificates`.
 * @throws SettingsError with the path and the reason, when the file or a certificate in it cannot be read, or the file has none.
 */
export function readAuthorities({ path, from }: { readonly path: string; readonly from: string }): readonly string[] {
  const read = readCertificates(path);
  if ('problem' in read)
    throw new SettingsError({
      why: `${from} names ${path} as the file of trusted authorities. ${read.problem}`,
      next: ['Name a file with certificates in PEM form (BEGIN CERTIFICATE), or take the setting away.'],
    });
  // Loaded here, so that the first frame does not wait for it.
  return [...process.getBuiltinModule('node:tls').getCACertificates('default'), ...read.certificates];
}

/** A source of trusted authorities, with the number of its certificates, or with a sentence that says why it gives none. */
export type AuthoritySource = { readonly from: string; readonly path?: string } & (
  | { readonly certificates: number }
  | { readonly problem: string }
);

/** Lists the sources of trusted certificate authorities: Node's own, then those that the environment and the profile add. */
export function listAuthorities(
  bundle: { readonly path: string; readonly from: string } | undefined,
  { NODE_EXTRA_CA_CERTS: extra, NODE_USE_SYSTEM_CA: system }: Settings = process.env,
): readonly AuthoritySource[] {
  const { getCACertificates } = process.getBuiltinModule('node:tls');
  return [
    { from: 'Node', certificates: getCACertificates('bundled').length },
    ...(system === '1' ? [{ from: 'this machine', certificates: getCACertificates('system').length }] : []),
    ...(extra ? [describeFile(extra, 'NODE_EXTRA_CA_CERTS')] : []),
    ...(bundle === undefined ? [] : [describeFile(bundle.path, bundle.from)]),
  ];
}

/** Describes a file of certificates as a source. @param from the name of the setting that contains the path. */
function describeFile(path: string, from: string): AuthoritySource {
  const read = readCertificates(path);
  return { from, path, ...('problem' in read ? read : { certificates: read.certificates.length }) };
}

/**
 * Gives sentences that tell a person how to make Node trust the certificate of a connection that failed. Says first when Node has
 * ignored the file of NODE_EXTRA_CA_CERTS.
 */
export function suggestTrust({ NODE_EXTRA_CA_CERTS: extra }: Settings = process.env): readonly string[] {
  const read = extra ? readCertificates(extra) : {};
  return [
    ...('problem' in read ? [`NODE_EXTRA_CA_CERTS names ${extra}, which Node has ignored. ${read.problem}`] : []),
    'Behind an inspecting proxy, name its authority: export AWS_CA_BUNDLE=FILE or NODE_EXTRA_CA_CERTS=FILE',
    'Or trust what this machine trusts: export NODE_USE_SYSTEM_CA=1',
    'Check the clock too: date -u',
  ];
}

/** The certificates of a file as PEM texts, or a sentence that says why the file gives none. */
type CertificateFile = { readonly certificates: readonly string[] } | { readonly problem: string };

/** Reads a PEM file. A single certificate that cannot be read is a problem of the whole file. */
function readCertificates(path: string): CertificateFile {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return { problem: diskReason(error) };
  }
  const certificates = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (certificates.length === 0) return { problem: 'It holds no certificate.' };
  const unread = certificates.findIndex((certificate) => !isCertificate(certificate));
  if (unread === -1) return { certificates };
  return { problem: `Certificate ${unread + 1} of ${certificates.length} in it cannot be read.` };
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
