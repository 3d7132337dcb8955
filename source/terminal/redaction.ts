import { isIPv6 } from 'node:net';
import { leastFreeLength, NameTable } from './name-table.ts';

/** Replaces account numbers, names and addresses by stand-ins. The same value always gets the same stand-in. */
export type Redact = (text: string) => string;

/**
 * Names on this machine that could identify a person: the path of the home folder, the user name and the host name; and the
 * folders in which Keyferry works, such as the current one.
 */
export type Surroundings = {
  readonly home: string;
  readonly user: string;
  readonly host: string;
  readonly folders?: readonly string[];
};

/** An ARN; its groups are partition, service, Region, account and resource. */
const arn = /\barn:(aws[\w-]*):([\w-]*):([\w-]*):(\d{12})?:([^\s'"`,;\])}]+)/g;
/** The id of a KMS key. In file names, an underscore can stand before and after it. */
const keyId =
  /(?<![0-9A-Za-z])(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|mrk-[0-9a-f]{32})(?![0-9A-Za-z])/g;
/** The id of an account; an underscore may stand beside it. */
const accountId = /(?<![A-Za-z0-9.])\d{12}(?![A-Za-z0-9])/g;
/** The id of an account as the console writes it: `1234-5678-9012`. */
const spacedAccountId = /(?<![\w.-])\d{4}-\d{4}-\d{4}(?![\w-])/g;
/** An access key, and the unique id of a user, a role or a session. IAM user guide, "IAM identifiers", unique ID prefixes. */
const accessKey = /(?<![A-Za-z0-9])(A(?:BIA|CCA|GPA|IDA|IPA|KIA|NPA|NVA|PKA|ROA|SCA|SIA))[A-Z0-9]{12,}(?![A-Za-z0-9])/g;
/** The id of a material, or a SHA-256 such as that of a wrapping key. */
const hash = /(?<![0-9A-Za-z])[0-9a-f]{64}(?![0-9A-Za-z])/g;
// The look behind lets a search begin only where a word begins. Without it, a long word costs the square of its length.
const mail = /(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;
/** An IPv4 address, but not one of this machine. */
const ipv4 = /(?<![\w.])(?!127\.|0\.0\.0\.0)(?:\d{1,3}\.){3}\d{1,3}(?![\w.])/g;
/** A text that may be an IPv6 address. */
const ipv6 = /(?<![\w:])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?![\w:])/gi;
/** The id of a VPC endpoint. */
const privateEndpoint = /\bvpce-[0-9a-z-]+/g;
/**
 * The host of an address or a proxy, which can name the organisation. IP addresses, localhost, and the hosts of AWS and of pages
 * that Keyferry names stay.
 */
const ownHost =
  /(?<=\bhttps?:\/\/|\bthrough the proxy )(?![\d.]+(?![\w.-])|localhost\b|(?:[\w-]+\.){0,8}(?:amazonaws\.com|amazon\.com|api\.aws|github\.com|youtu\.be|age-encryption\.org)(?![\w.-]))[a-z0-9][a-z0-9.-]*[a-z0-9]/gi;
const bucketUrl = /\bs3:\/\/([a-z0-9][a-z0-9.-]+[a-z0-9])/g;
const alias = /\balias\/(?!aws\/)([\w:/-]+)/g;
/** The folder that a printed command names, in quotes where the shell needs them; but not one whose name comes from an alias. */
const workdir = /(?<=--workdir )(?!'?keyferry-|[~/])(?:'[^']*'|\\.|\S)+/g;
/** A text that is nothing but the path of an IAM user or role, such as `/teams/payments/`. */
const iamPath = /^\/[\w.+=,@/-]+\/$/;

/** Words of AWS in the resource of an ARN. They have no stand-in. */
const awsWords: ReadonlySet<string> = new Set([
  'root',
  'key',
  'alias',
  'user',
  'role',
  'group',
  'assumed-role',
  'policy',
]);

/**
 * Makes a {@link Redact}. It learns names from the ARNs, aliases and buckets in the texts that it gets, and from
 * `Surroundings`.
 */
export function makeRedaction({ home, user, host, folders = [] }: Surroundings): Redact {
  /** The stand-in of each real value. */
  const standIns = new Map<string, string>();
  /** How many stand-ins of each kind there are. */
  const counts = new Map<string, number>();
  /** The real names that are replaced everywhere in a text. */
  const names = new NameTable();

  /**
   * Gives the stand-in for a real value, and makes it when the value is new. `make` gets the number of the new stand-in among
   * those of its kind.
   */
  const standInFor = (real: string, kind: string, make: (count: number) => string): string => {
    const known = standIns.get(real);
    if (known !== undefined) return known;
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    const made = make(count);
    standIns.set(real, made);
    // A text that is redacted a second time stays as it is.
    standIns.set(made, made);
    return made;
  };
  /** Gives the stand-in for a name. From now on, the name is replaced everywhere. A word of AWS stays as it is. */
  const standInForName = (real: string, kind: string): string => {
    if (awsWords.has(real)) return real;
    const isNew = !standIns.has(real);
    const standIn = standInFor(real, kind, (count) => `${kind}-${count}`);
    if (isNew) names.add(real, standIn);
    return standIn;
  };
  const standInForAccount = (real: string) =>
    standInFor(real, 'account', (count) => (count < 10 ? String(count).repeat(12) : String(count).padStart(12, '0')));
  const standInForSpacedAccount = (real: string) =>
    standInForAccount(real.replaceAll('-', '')).replace(/^(.{4})(.{4})/, '$1-$2-');
  const standInForHash = (real: string): string => {
    // The first eight characters are used as a short name of a material.
    if (!standIns.has(real)) standInForName(real.slice(0, 8), 'id');
    // The number is filled up with a letter, because twelve zeros would look like the account of practice AWS.
    return standInFor(real, 'hash', (count) => String(count).padStart(64, 'f'));
  };
  const standInForKeyId = (real: string): string => {
    // The last eight characters are used as a short name of the key, for example in the suggested bucket name.
    if (!standIns.has(real)) standInForName(real.slice(-8), 'id');
    return standInFor(real, 'key', (count) =>
      real.startsWith('mrk-')
        ? `mrk-${String(count).padStart(31, 'f')}a`
        : `00000000-0000-0000-0000-${String(count).padStart(11, '0')}a`,
    );
  };
  /** Redacts the resource of an ARN, such as `role/PATH/NAME`. */
  const redactResource = (text: string): string => {
    const [type = '', ...parts] = text.split('/');
    const last = parts.pop();
    // A resource without a slash, such as a bucket, is only a name.
    if (last === undefined) return standInForName(type, 'name');
    if (type === 'key') return [type, ...parts, last.replace(keyId, standInForKeyId)].join('/');
    if (type === 'assumed-role')
      return [type, ...parts.map((part) => standInForName(part, 'role')), standInForName(last, 'session')].join('/');
    // A path can contain words that are not names, such as a Region. Therefore the path is replaced as a whole.
    const path = parts.length === 0 ? [] : [standInFor(parts.join('/'), 'path', (count) => `path-${count}`)];
    return awsWords.has(type)
      ? [type, ...path, standInForName(last, type)].join('/')
      : [standInForName(type, 'name'), ...path, standInForName(last, 'name')].join('/');
  };
  /** Redacts a resource. The punctuation at its end stays: it belongs to the sentence and not to the ARN. */
  const redactWithPunctuation = (text: string) => {
    const punctuation = /[.,;:]*$/.exec(text)?.[0] ?? '';
    return redactResource(text.slice(0, text.length - punctuation.length)) + punctuation;
  };
  const standInForAlias = (real: string): string => {
    const standIn = standInForName(real, 'alias');
    // The folder of a ceremony has the name of the alias, with other separators.
    if (real.includes('/')) names.add(folderPart(real), standIn);
    return standIn;
  };
  if (user.length >= leastFreeLength && user !== 'root') standInForName(user, 'person');
  if (host.length >= leastFreeLength && host !== 'localhost') standInForName(host, 'host');
  // The home folder has its own sign, and the root of the disk names nobody.
  for (const folder of folders)
    if (folder.length > 1 && !isInside(folder, home))
      names.add(
        folder,
        standInFor(folder, 'folder', (count) => `/folder-${count}`),
      );

  return (text) => {
    const withoutPatterns = text
      .replaceAll(arn, (_, partition, service, region, owner: string | undefined, rest: string) =>
        [
          'arn',
          partition,
          service,
          region,
          owner === undefined ? '' : standInForAccount(owner),
          redactWithPunctuation(rest),
        ].join(':'),
      )
      .replaceAll(mail, (real) => standInFor(real, 'mail', (count) => `mail-${count}@example.com`))
      // Keys come before accounts, because the last part of a key id may be twelve digits. The stand-in of a key id ends with a
      // letter, so that it does not look like an account.
      .replaceAll(keyId, standInForKeyId)
      .replaceAll(hash, standInForHash)
      .replaceAll(accountId, standInForAccount)
      .replaceAll(spacedAccountId, standInForSpacedAccount)
      .replaceAll(accessKey, '$1................')
      .replaceAll(privateEndpoint, (real) => standInFor(real, 'vpce', (count) => `vpce-${count}`))
      // Addresses reserved for documentation: RFC 5737 and RFC 3849. From the 256th IPv4 address on, those reserved for
      // benchmarks (RFC 2544), because there are more of them.
      .replaceAll(ipv4, (real) =>
        standInFor(real, 'ipv4', (count) => (count < 256 ? `192.0.2.${count}` : `198.18.${count >> 8}.${count % 256}`)),
      )
      .replaceAll(ipv6, (real) =>
        isIPv6(real) && real !== '::1' ? standInFor(real, 'ipv6', (count) => `2001:db8::${count}`) : real,
      )
      .replaceAll(ownHost, (real) => standInForName(real, 'host'))
      .replaceAll(bucketUrl, (_, bucket: string) => `s3://${standInForName(bucket, 'bucket')}`)
      .replaceAll(alias, (_, real: string) => `alias/${standInForAlias(real)}`)
      .replaceAll(workdir, (real) => standInFor(real, 'workdir', (count) => `workdir-${count}`))
      .replace(iamPath, (real) => `/${standInForName(real.slice(1, -1), 'path')}/`);
    const withoutHome = home.length > 1 ? withoutPatterns.replaceAll(home, '~') : withoutPatterns;
    return names.replaceIn(withoutHome);
  };
}

/** Gives the form of an alias in the name of a ceremony's folder. */
const folderPart = (alias: string) => alias.replaceAll(/[/:]+/g, '-');

/** Tells whether a path is a folder or something in it. */
const isInside = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);
