import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Fault, mergeSettings, readSettings, type Settings } from './control-settings.ts';
import { matchesAction } from './iam-pattern.ts';
import { requestQuotas } from './request-quotas.ts';

/** What a fault does to one request, such as a delay or an error. */
export type Effect = Pick<Fault, 'do' | 'milliseconds'>;

/** The faults and permissions that the flags and the control file set at this moment. */
export type Control = {
  /** Gives the effects on one request. @param operation as in `kms:CreateKey`. @param now milliseconds since 1970. */
  effectsOn(operation: string, region: string, now: number): readonly Effect[];
  /** Gives the action patterns that IAM denies to the user or role of that name. */
  deniedTo(name: string): readonly string[];
  /** Gives the policies that apply now, the condition keys of every request, and the page size of simulations. */
  policies(): Pick<Settings, 'policies' | 'boundaries' | 'organization' | 'requestContext' | 'simulationPage'>;
  /** True when KMS must answer that a new key does not exist. Counts requests. @param age milliseconds since CreateKey. */
  isStillHidden(arn: string, age: number, requestId: string): boolean;
  /** True when KMS must show a key without its new material. Counts requests. @param age milliseconds since the import. */
  isStillWithoutMaterial(arn: string, age: number, requestId: string): boolean;
  /** Tells whether the caller, and not the owner, pays for requests to a bucket (Requester Pays). */
  hasRequesterPay(name: string): boolean;
  /** Tells whether the objects of a bucket are under Object Lock. */
  hasObjectLock(name: string): boolean;
  /** Tells whether another account has the bucket of that name. */
  isForeignBucket(name: string): boolean;
  /** Gives the longest life of a session in seconds, or `undefined` when the settings do not limit sessions. */
  sessionSeconds(): number | undefined;
  /** True when KMS must not know a new principal yet. Counts the calls. */
  isStillUnknown(arn: string): boolean;
};

/** The control file's name in the state folder. */
export const controlFileName = 'practice-control.json';

/** For how many milliseconds a key or its material counts as new. */
const newness = 60_000;

/** How many times a new principal is unknown. */
const principalTries = 2;

/**
 * Opens the control of a state folder. The control file may be created, changed and deleted while practice AWS runs. When
 * the file cannot be read, `complain` gets one line, and the earlier settings stay in effect. `speedChanged` is called with
 * each new clock speed.
 * @param flags the settings from the command line. The control file takes precedence.
 */
export function openControl(
  folder: string,
  flags: Settings,
  hooks: { complain: (line: string) => void; speedChanged: (speed: number) => void },
): Control {
  const file = join(folder, controlFileName);
  /** The version of the control file that was read last. */
  let seen = '';
  let settings = flags;
  const counts = new Map<string, number>();
  /** Counts a call. Gives the number of earlier calls with the same name. */
  const count = (what: string): number => {
    const before = counts.get(what) ?? 0;
    counts.set(what, before + 1);
    return before;
  };
  const lastLooks = new Map<string, { readonly requestId: string; readonly before: number }>();
  /** Gives how many earlier requests asked the same. One request may ask twice and still counts once. */
  const looks = (what: string, requestId: string): number => {
    const last = lastLooks.get(what);
    const before = last?.requestId === requestId ? last.before : count(what);
    lastLooks.set(what, { requestId, before });
    return before;
  };
  const current = (): Settings => {
    const stat = statSync(file, { throwIfNoEntry: false });
    const version = stat ? `${stat.mtimeMs} ${stat.size} ${stat.ino}` : '';
    if (version !== seen) {
      seen = version;
      try {
        const before = settings.clockSpeed;
        settings = stat ? mergeSettings(flags, readSettings(readFileSync(file, 'utf8'))) : flags;
        if (settings.clockSpeed !== before) hooks.speedChanged(settings.clockSpeed ?? 1);
      } catch (error) {
        hooks.complain(`${file} is not used: ${(error as Error).message}.`);
      }
    }
    return settings;
  };
  const rates = new Map<string, number[]>();
  const isAbove = (what: string, perSecond: number, now: number): boolean => {
    // Counted over one second; for a rate below one a second, over the time in which one request is allowed.
    const window = Math.max(1, 1 / perSecond) * 1000;
    const recent = (rates.get(what) ?? []).filter((moment) => moment > now - window);
    const above = recent.length >= Math.max(1, perSecond);
    rates.set(what, above ? recent : [...recent, now]);
    return above;
  };

  return {
    effectsOn(operation, region, now) {
      const { faults = [], seed = 1, realLimits } = current();
      const quota = requestQuotas[operation];
      const limits: Fault[] = realLimits && quota ? [{ operation, do: 'throttle', perSecond: quota }] : [];
      return [...faults, ...limits].filter((fault, index) => {
        if (!matchesAction(fault.operation.includes(':') ? fault.operation : `${fault.operation}:*`, operation))
          return false;
        const name = `${index} ${JSON.stringify(fault)}`;
        const number = count(`${name} seen`);
        const hit =
          number >= (fault.after ?? 0) &&
          share(`${seed} ${name} ${number}`) < (fault.chance ?? 1) &&
          (fault.perSecond === undefined || isAbove(`${name} ${operation} ${region}`, fault.perSecond, now));
        return hit && (fault.times === undefined || count(`${name} hit`) < fault.times);
      });
    },
    policies: current,
    deniedTo: (name) => current().deny?.[name] ?? [],
    isStillHidden(arn, age, requestId) {
      const { newKeyTries = 0 } = current();
      return newKeyTries > 0 && age < newness && looks(`hidden ${arn}`, requestId) < newKeyTries;
    },
    isStillWithoutMaterial(arn, age, requestId) {
      const { newMaterialTries = 0 } = current();
      return newMaterialTries > 0 && age < newness && looks(`without material ${arn}`, requestId) < newMaterialTries;
    },
    hasRequesterPay: (name) => current().requesterPays?.includes(name) === true,
    hasObjectLock: (name) => current().objectLock?.includes(name) === true,
    isForeignBucket: (name) => current().foreignBuckets?.includes(name) === true,
    sessionSeconds: () => current().sessionSeconds,
    isStillUnknown: (arn) =>
      current().newPrincipals?.includes(arn) === true && count(`unknown ${arn}`) < principalTries,
  };
}

/** Gives a number from 0 to 1 that depends only on the text, so that the same seed gives the same faults. */
function share(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE() / 2 ** 32;
}
