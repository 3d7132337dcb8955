import { isIPv6 } from 'node:net';

/** Replaces account numbers, names and addresses by invented values; the same value always gets the same replacement. */
export type Redact = (text: string) => string;

/** Names in the environment that could identify a person: home folder, user name and host name. */
export type Surroundings = { readonly home: string; readonly user: string; readonly host: string };

const arn = /\barn:(aws[\w-]*):([\w-]*):([\w-]*):(\d{12})?:([^\s'"`,;\])}]+)/g;
// In file names, an underscore is before and after the id.
const keyId =
  /(?<![0-9A-Za-z])(?:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|mrk-[0-9a-f]{32})(?![0-9A-Za-z])/g;
const accountId = /(?<![\w.])\d{12}(?!\w)/g;
const accessKey = /\b(A[KS]IA)[A-Z0-9]{12,}\b/g;
const mail = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;
const ipv4 = /(?<![\w.])(?!127\.|0\.0\.0\.0)(?:\d{1,3}\.){3}\d{1,3}(?![\w.])/g;
const ipv6 = /(?<![\w:])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?![\w:])/gi;
const privateEndpoint = /\bvpce-[0-9a-z-]+/g;
// The host of a configured endpoint or proxy can name the organisation. Hosts of AWS stay.
const ownHost =
  /(?<=(?:\bat|\),|--endpoint-url) https?:\/\/|\bthrough the proxy )(?![\d.]+(?![\w.-])|localhost\b|[\w.-]*\b(?:amazonaws\.com|api\.aws))[a-z0-9][a-z0-9.-]*[a-z0-9]/gi;
const bucketUrl = /\bs3:\/\/([a-z0-9][a-z0-9.-]+[a-z0-9])/g;
const alias = /\balias\/(?!aws\/)([\w:/-]+)/g;
const iamPath = /^\/[\w.+=,@/-]+\/$/;

/** Words of AWS in the resource of an ARN. They are not replaced. */
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

/** Names with fewer characters are replaced only after `role`, `user` or `group`, because `you` is also a word. */
const shortest = 4;

/**
 * Makes a {@link Redact}. It learns names from the ARNs, aliases and buckets in the texts that it gets, and from
 * `Surroundings`.
 */
export function makeRedaction({ home, user, host }: Surroundings): Redact {
  const standIns = new Map<string, string>();
  const counts = new Map<string, number>();
  const names: string[] = [];

  /** Gives the invented value for a real one. Makes it when the real value is new; `count` numbers the values of a kind. */
  const standIn = (real: string, kind: string, make: (count: number) => string): string => {
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
    // The last eight characters are used as a short name of the key, for example in the suggested bucket name.
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
    // A path can contain words that are not names, such as a Region. Therefore the path is replaced as a whole.
    const path = parts.length === 0 ? [] : [standIn(parts.join('/'), 'path', (count) => `path-${count}`)];
    return awsWords.has(type)
      ? [type, ...path, name(last, type)].join('/')
      : [name(type, 'name'), ...path, name(last, 'name')].join('/');
  };
  /** Redacts the resource of an ARN. The full stop of a sentence after it does not belong to the ARN. */
  const resourceIn = (text: string) => {
    const end = /[.,;:]*$/.exec(text)?.[0] ?? '';
    return resource(text.slice(0, text.length - end.length)) + end;
  };
  const aliasName = (real: string): string => {
    const shown = name(real, 'alias');
    // The folder of a ceremony has the name of the alias, with other separators.
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
      // Accounts come before keys. The invented id of a key ends with a letter, so that it is not taken for an account.
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
