import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Fault, mergedSettings, readSettings, type Settings } from './control-settings.ts';
import { matchesAction } from './iam-pattern.ts';
import { requestQuotas } from './request-quotas.ts';

/** A fault that happens to one request, such as a delay or an error. */
export type Effect = Pick<Fault, 'do' | 'milliseconds'>;

/** The faults and permissions that the flags and the control file set at this moment. */
export type Control = {
  /** Gives the effects on a request for an operation such as `kms:CreateKey`; each call counts as one request. */
  effectsOn(operation: string, region: string, now: number): readonly Effect[];
  /** Action patterns that IAM denies to the user or role of that name. */
  deniedTo(name: string): readonly string[];
  /** Gives the policies in effect, and the context keys that requests carry. */
  policies(): Pick<Settings, 'policies' | 'boundaries' | 'organization' | 'requestContext' | 'simulationPage'>;
  /** Tells whether a key is not visible yet. @param age milliseconds since the key was made. Each request counts as one look. */
  isStillHidden(arn: string, age: number, requestId: string): boolean;
  /** Tells whether imported material is not visible yet. @param age milliseconds since the import. */
  isStillWithoutMaterial(arn: string, age: number, requestId: string): boolean;
  /** Tells whether the caller, and not the owner, pays for requests to a bucket (Requester Pays). */
  hasRequesterPay(name: string): boolean;
  /** Tells whether the objects of a bucket are under Object Lock. */
  hasObjectLock(name: string): boolean;
  /** Tells whether another account has the bucket of that name. */
  isForeignBucket(name: string): boolean;
  /** How long sessions last at most, in seconds, if they do not last as long as was asked. */
  sessionSeconds(): number | undefined;
  /** Tells whether IAM has not spread a principal yet; each call counts as one look. */
  isStillUnknown(arn: string): boolean;
};

/** The control file's name in the state folder. */
export const controlFileName = 'practice-control.json';

/** How long a key or its material counts as just made, and how often a new principal is unknown. */
const newness = 60_000;
const principalTries = 2;

/**
 * Opens the control of a state folder. The file may appear, change and disappear while practice AWS runs. When it
 * cannot be read, `complain` gets one line and the settings before stay in effect. `speedChanged` gets each new clock speed.
 */
export function openControl(
  folder: string,
  flags: Settings,
  hooks: { complain: (line: string) => void; speedChanged: (speed: number) => void },
): Control {
  const file = join(folder, controlFileName);
  let seen = '';
  let settings = flags;
  const counts = new Map<string, number>();
  const count = (what: string): number => {
    const before = counts.get(what) ?? 0;
    counts.set(what, before + 1);
    return before;
  };
  const lastLooks = new Map<string, { readonly requestId: string; readonly before: number }>();
  /** Gives the number of requests before this one that have asked. A request that asks twice counts once. */
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
        settings = stat ? mergedSettings(flags, readSettings(readFileSync(file, 'utf8'))) : flags;
        if (settings.clockSpeed !== before) hooks.speedChanged(settings.clockSpeed ?? 1);
      } catch (error) {
        hooks.complain(`${file} is not used: ${(error as Error).message}.`);
      }
    }
    return settings;
  };
  const rates = new Map<string, number[]>();
  const isAbove = (what: string, perSecond: number, now: number): boolean => {
    // A window as long as one request takes: 1 second for quotas of 1 and more.
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

/** A number from 0 to 1 that a text alone decides, so that the same seed gives the same faults. */
function share(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE() / 2 ** 32;
}
