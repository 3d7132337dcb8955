import { isIPv6 } from 'node:net';
import { leastFreeLength } from './name-table.ts';
import { isAwsWord, StandIns } from './stand-ins.ts';

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

/**
 * Makes a {@link Redact}. It learns names from what it recognises in the texts that it gets, such as ARNs, aliases and buckets, and
 * from `Surroundings`. It writes `~` for the home folder.
 */
export function makeRedaction(surroundings: Surroundings): Redact {
  const standIns = new StandIns();
  learnSurroundings(surroundings, standIns);
  const { home } = surroundings;
  return (text) => standIns.replaceNames(withoutHome(replacePatterns(text, standIns), home));
}

/** Writes `~` for the home folder. One of a single character is the root of the disk, whose `/` is in every path: it stays. */
const withoutHome = (text: string, home: string) => (home.length > 1 ? text.replaceAll(home, '~') : text);

/**
 * Gives stand-ins to the user, the host, and the folders that are outside of the home folder. Short names and `localhost` stay, and
 * so do words of AWS such as `root`: they are in many texts, and identify nobody.
 */
function learnSurroundings({ home, user, host, folders = [] }: Surroundings, standIns: StandIns): void {
  if (user.length >= leastFreeLength) standIns.ofName(user, 'person');
  if (host.length >= leastFreeLength && host !== 'localhost') standIns.ofName(host, 'host');
  // The home folder has its own sign, and the root of the disk names nobody. A folder beside the home folder may begin with its
  // name: it is looked for in the form that it has after the home folder was replaced.
  for (const folder of folders)
    if (folder.length > 1 && !isInside(folder, home)) standIns.ofFolder(withoutHome(folder, home));
}

/** Replaces what can be recognised as private by its form, such as an ARN or an address. Learns the names in it. */
function replacePatterns(text: string, standIns: StandIns): string {
  return (
    text
      .replaceAll(arn, (_, partition, service, region, owner: string | undefined, rest: string) =>
        [
          'arn',
          partition,
          service,
          region,
          owner === undefined ? '' : standIns.ofAccount(owner),
          redactWithPunctuation(rest, standIns),
        ].join(':'),
      )
      .replaceAll(mail, (real) => standIns.of(real, 'mail', (count) => `mail-${count}@example.com`))
      // Keys come before accounts, because the last part of a key id may be twelve digits.
      .replaceAll(keyId, (real) => standIns.ofKeyId(real))
      .replaceAll(hash, (real) => standIns.ofHash(real))
      .replaceAll(accountId, (real) => standIns.ofAccount(real))
      .replaceAll(spacedAccountId, (real) => standIns.ofSpacedAccount(real))
      .replaceAll(accessKey, '$1................')
      .replaceAll(privateEndpoint, (real) => standIns.of(real, 'vpce', (count) => `vpce-${count}`))
      // Addresses reserved for documentation: RFC 5737 and RFC 3849. From the 256th IPv4 address on, those reserved for
      // benchmarks (RFC 2544), because there are more of them.
      .replaceAll(ipv4, (real) =>
        standIns.of(real, 'ipv4', (count) =>
          count < 256 ? `192.0.2.${count}` : `198.18.${count >> 8}.${count % 256}`,
        ),
      )
      .replaceAll(ipv6, (real) =>
        isIPv6(real) && real !== '::1' ? standIns.of(real, 'ipv6', (count) => `2001:db8::${count}`) : real,
      )
      .replaceAll(ownHost, (real) => standIns.ofName(real, 'host'))
      .replaceAll(bucketUrl, (_, bucket: string) => `s3://${standIns.ofName(bucket, 'bucket')}`)
      .replaceAll(alias, (_, real: string) => `alias/${standIns.ofAlias(real)}`)
      .replaceAll(workdir, (real) => standIns.of(real, 'workdir', (count) => `workdir-${count}`))
      .replace(iamPath, (real) => `/${standIns.ofName(real.slice(1, -1), 'path')}/`)
  );
}

/** Redacts a resource. The punctuation at its end stays: it belongs to the sentence and not to the ARN. */
function redactWithPunctuation(text: string, standIns: StandIns): string {
  const punctuation = /[.,;:?!]*$/.exec(text)?.[0] ?? '';
  return redactResource(text.slice(0, text.length - punctuation.length), standIns) + punctuation;
}

/** Redacts the resource of an ARN, such as `role/PATH/NAME`. */
function redactResource(text: string, standIns: StandIns): string {
  const [type = '', ...parts] = text.split('/');
  const last = parts.pop();
  // A resource without a slash, such as a bucket, is only a name.
  if (last === undefined) return standIns.ofName(type, 'name');
  // The id of a key is replaced wherever it stands.
  if (type === 'key') return text;
  if (type === 'assumed-role')
    return [type, ...parts.map((part) => standIns.ofName(part, 'role')), standIns.ofName(last, 'session')].join('/');
  // `ofName` replaces a name everywhere from then on. A path can contain words that are no names, such as a Region, so the whole
  // path gets one stand-in.
  const path = parts.length === 0 ? [] : [standIns.of(parts.join('/'), 'path', (count) => `path-${count}`)];
  return isAwsWord(type)
    ? [type, ...path, standIns.ofName(last, type)].join('/')
    : [standIns.ofName(type, 'name'), ...path, standIns.ofName(last, 'name')].join('/');
}

/** Tells whether a path is a folder or something in it. */
const isInside = (path: string, folder: string) => path === folder || path.startsWith(`${folder}/`);
