import { isIPv6 } from 'node:net';

/** Replaces account numbers, names and addresses by invented values; the same value always gets the same replacement. */
export type Redact = (text: string) => string;

/** What the surroundings tell of a person: home folder, user and host name. */
export type Surroundings = { readonly home: string; readonly user: string; readonly host: string };

const arn = /\barn:(aws[\w-]*):([\w-]*):([\w-]*):(\d{12})?:([^\s'"`,;\])}]+)/g;
// File names put an underscore before and behind.
const keyId =
  /(?<![0-9A-Za-z])(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|mrk-[0-9a-f]{32})(?![0-9A-Za-z])/g;
const accountId = /(?<![\w.])\d{12}(?!\w)/g;
const accessKey = /\b(A[KS]IA)[A-Z0-9]{12,}\b/g;
const mail = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;
const ipv4 = /(?<![\w.])(?!127\.|0\.0\.0\.0)(?:\d{1,3}\.){3}\d{1,3}(?![\w.])/g;
const ipv6 = /(?<![\w:])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?![\w:])/gi;
const privateEndpoint = /\bvpce-[0-9a-z-]+/g;
// An endpoint or a proxy of one's own tells of the organisation; those of AWS do not.
const ownHost =
  /(?<=(?:\bat|\),|--endpoint-url) https?:\/\/|\bthrough the proxy )(?![\d.]+(?![\w.-])|localhost\b|[\w.-]*\b(?:amazonaws\.com|api\.aws))[a-z0-9][a-z0-9.-]*[a-z0-9]/gi;
const bucketUrl = /\bs3:\/\/([a-z0-9][a-z0-9.-]+[a-z0-9])/g;
const alias = /\balias\/(?!aws\/)([\w:/-]+)/g;
const iamPath = /^\/[\w.+=,@/-]+\/$/;

/** Parts of an ARN's resource that are AWS's own words. */
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

/** Shorter names are replaced only where they are used as a name: `you` is also a word. */
const shortest = 4;

/** Makes a {@link Redact}. It learns names from the ARNs, aliases and buckets that pass, and from the surroundings. */
export function redaction({ home, user, host }: Surroundings): Redact {
  const standIns = new Map<string, string>();
  const counts = new Map<string, number>();
  const names: string[] = [];

  const standIn = (real: string, kind: string, make: (count: number) => string): string => {
    const known = standIns.get(real);
    if (known !== undefined) return known;
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    const made = make(count);
    standIns.set(real, made);
    standIns.set(made, made);
    return made;
  };
  const name = (real: string, kind: string): string => {
    if (awsWords.has(real)) return real;
    if (!standIns.has(real)) {
      names.push(real);
      names.sort((a, b) => b.length - a.length);
    }
    return standIn(real, kind, (count) => `${kind}-${count}`);
  };
  const account = (real: string) => standIn(real, 'account', (count) => String(count).repeat(12).slice(0, 12));
  const id = (real: string): string => {
    // The last eight characters name a key in short, as in the bucket that is suggested.
    if (!standIns.has(real)) name(real.slice(-8), 'id');
    return standIn(real, 'key', (count) =>
      real.startsWith('mrk-')
        ? `mrk-${String(count).padStart(31, '0')}a`
        : `00000000-0000-0000-0000-${String(count).padStart(11, '0')}a`,
    );
  };
  const resource = (text: string): string => {
    const [type = '', ...parts] = text.split('/');
    const last = parts.pop();
    if (last === undefined) return awsWords.has(type) ? type : name(type, 'name');
    if (type === 'key') return [type, ...parts, last.replace(keyId, id)].join('/');
    if (type === 'assumed-role')
      return [type, ...parts.map((part) => name(part, 'role')), name(last, 'session')].join('/');
    // A path may have words in it that are no names, such as a Region.
    const path = parts.length === 0 ? [] : [standIn(parts.join('/'), 'path', (count) => `path-${count}`)];
    return awsWords.has(type)
      ? [type, ...path, name(last, type)].join('/')
      : [name(type, 'name'), ...path, name(last, 'name')].join('/');
  };
  /** The full stop of a sentence is no part of an ARN. */
  const resourceIn = (text: string) => {
    const end = /[.,;:]*$/.exec(text)?.[0] ?? '';
    return resource(text.slice(0, text.length - end.length)) + end;
  };
  const aliasName = (real: string): string => {
    const shown = name(real, 'alias');
    // A ceremony's folder is named after it.
    if (real.includes('/')) standIns.set(folderPart(real), shown);
    if (real.includes('/') && !names.includes(folderPart(real))) names.unshift(folderPart(real));
    return shown;
  };
  if (user.length >= shortest && user !== 'root') name(user, 'person');
  if (host.length >= shortest && host !== 'localhost') name(host, 'host');

  return (text) => {
    const patterns = text
      .replaceAll(arn, (_, partition, service, region, owner: string | undefined, rest: string) =>
        ['arn', partition, service, region, owner === undefined ? '' : account(owner), resourceIn(rest)].join(':'),
      )
      .replaceAll(mail, (real) => standIn(real, 'mail', (count) => `mail-${count}@example.com`))
      // Accounts before keys: the replacement of a key is not a number and is not replaced a second time.
      .replaceAll(accountId, account)
      .replaceAll(keyId, id)
      .replaceAll(accessKey, '$1................')
      .replaceAll(privateEndpoint, (real) => standIn(real, 'vpce', (count) => `vpce-${count}`))
      // Addresses reserved for documentation: RFC 5737 and RFC 3849.
      .replaceAll(ipv4, (real) => standIn(real, 'ipv4', (count) => `192.0.2.${count % 256}`))
      .replaceAll(ipv6, (real) =>
        isIPv6(real) && real !== '::1' ? standIn(real, 'ipv6', (count) => `2001:db8::${count}`) : real,
      )
      .replaceAll(ownHost, (real) => name(real, 'host'))
      .replaceAll(bucketUrl, (_, bucket: string) => `s3://${name(bucket, 'bucket')}`)
      .replaceAll(alias, (_, real: string) => `alias/${aliasName(real)}`)
      .replace(iamPath, (real) => `/${name(real.slice(1, -1), 'path')}/`);
    const atHome = home.length > 1 ? patterns.replaceAll(home, '~') : patterns;
    return names.reduce((so, real) => replaceName(so, real, standIns.get(real) ?? ''), atHome);
  };
}

const folderPart = (alias: string) => alias.replaceAll(/[/:]+/g, '-');

function replaceName(text: string, real: string, shown: string): string {
  if (!text.includes(real)) return text;
  const word = real.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const before = real.length < shortest ? '(?<=(?:role|user|group)[ /]+)' : '(?<![A-Za-z0-9])';
  return text.replaceAll(new RegExp(`${before}${word}(?![A-Za-z0-9])`, 'g'), shown);
}
