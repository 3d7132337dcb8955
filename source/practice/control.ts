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
  /**
   * Gives the effects on one request. Counts requests.
   * @param operation such as `kms:CreateKey`.
   * @param now milliseconds since 1970.
   */
  effectsOn(operation: string, region: string, now: number): readonly Effect[];
  /** Gives the action patterns, such as `kms:Get*`, that IAM denies to the user or role of that name. */
  deniedTo(name: string): readonly string[];
  /** Gives the policies that apply now, the condition keys of every request, and the form of simulations. */
  policies(): Pick<
    Settings,
    'policies' | 'boundaries' | 'organization' | 'requestContext' | 'simulationPage' | 'simulationMissingKeys'
  >;
  /** True when KMS must answer that a new key does not exist. Counts requests. @param age milliseconds since CreateKey. */
  isStillHidden(arn: string, age: number, requestId: string): boolean;
  /** True when KMS must show a key without its new material. Counts requests. @param age milliseconds since the import. */
  isStillWithoutMaterial(arn: string, age: number, requestId: string): boolean;
  /** True when S3 must answer that a new bucket does not exist. Counts requests. @param age milliseconds since CreateBucket. */
  isBucketStillHidden(name: string, age: number, requestId: string): boolean;
  /** Tells whether the caller, and not the owner, pays for requests to a bucket (Requester Pays). */
  hasRequesterPay(name: string): boolean;
  /** Tells whether the objects of a bucket are under Object Lock. */
  hasObjectLock(name: string): boolean;
  /** Tells whether another account has the bucket of that name. */
  isForeignBucket(name: string): boolean;
  /** Gives the longest life of a session in seconds, or `undefined` when the settings do not limit sessions. */
  sessionSeconds(): number | undefined;
  /** True when KMS must not know a new principal yet. Counts the calls for each ARN. */
  isStillUnknown(arn: string): boolean;
};

/** The control file's name in the state folder. */
export const controlFileName = 'practice-control.json';

/** For how many milliseconds a key, its material or a bucket counts as new. */
const newForMilliseconds = 60_000;

/** How many calls find a new principal unknown. */
const unknownPrincipalTries = 2;

/**
 * Opens the control of a state folder. The control file may be created, changed and deleted while practice AWS runs. When the file
 * cannot be read or has a mistake, `complain` gets one line, and the earlier settings stay in effect. `speedChanged` is called with
 * each new clock speed.
 * @param flags the settings from the command line. The control file takes precedence.
 */
export function openControl(
  folder: string,
  flags: Settings,
  hooks: { complain: (line: string) => void; speedChanged: (speed: number) => void },
): Control {
  const file = join(folder, controlFileName);
  /** The version of the control file that was read last; an empty text when there was no file. */
  let readVersion = '';
  let settings = flags;
  const counts = new Map<string, number>();
  /** Counts a call. Gives the number of earlier calls with the same name. */
  const countCall = (name: string): number => {
    const before = counts.get(name) ?? 0;
    counts.set(name, before + 1);
    return before;
  };
  const lastRequests = new Map<string, { readonly requestId: string; readonly before: number }>();
  /** Gives the number of earlier requests with the same name. Several calls for one request count once. */
  const countEarlierRequests = (name: string, requestId: string): number => {
    const last = lastRequests.get(name);
    const before = last?.requestId === requestId ? last.before : countCall(name);
    lastRequests.set(name, { requestId, before });
    return before;
  };
  /** True for the first requests about something new. @param facts.tries how many requests these are. */
  const isStillNew = (name: string, facts: { age: number; tries: number | undefined; requestId: string }): boolean => {
    const { age, tries = 0, requestId } = facts;
    return tries > 0 && age < newForMilliseconds && countEarlierRequests(name, requestId) < tries;
  };
  /** Gives the settings that apply now. Reads the control file again when it has changed. */
  const currentSettings = (): Settings => {
    const stat = statSync(file, { throwIfNoEntry: false });
    const version = stat ? `${stat.mtimeMs} ${stat.size} ${stat.ino}` : '';
    if (version !== readVersion) {
      readVersion = version;
      try {
        const earlierSpeed = settings.clockSpeed;
        settings = stat ? mergeSettings(flags, readSettings(readFileSync(file, 'utf8'))) : flags;
        if (settings.clockSpeed !== earlierSpeed) hooks.speedChanged(settings.clockSpeed ?? 1);
      } catch (error) {
        hooks.complain(`${file} is not used: ${(error as Error).message}.`);
      }
    }
    return settings;
  };
  /** The times of the requests that were not above their rate, in milliseconds since 1970. */
  const passedMoments = new Map<string, number[]>();
  /** True when this request is above the rate. Only requests that are not above the rate count for the next one. */
  const isAboveRate = (name: string, perSecond: number, now: number): boolean => {
    // The requests of the last second count. At a rate of 0.5, one request may come in two seconds, so those of the last two
    // seconds count.
    const window = Math.max(1, 1 / perSecond) * 1000;
    const recent = (passedMoments.get(name) ?? []).filter((moment) => moment > now - window);
    const isAbove = recent.length >= Math.max(1, perSecond);
    passedMoments.set(name, isAbove ? recent : [...recent, now]);
    return isAbove;
  };

  return {
    effectsOn(operation, region, now) {
      const { faults = [], seed = 1, realLimits } = currentSettings();
      const quota = requestQuotas[operation];
      const limits: Fault[] = realLimits && quota ? [{ operation, do: 'throttle', perSecond: quota }] : [];
      return [...faults, ...limits].filter((fault, index) => {
        const pattern = fault.operation.includes(':') ? fault.operation : `${fault.operation}:*`;
        if (!matchesAction(pattern, operation)) return false;
        // Two counts for each fault: the requests that match it, and the requests that it hits.
        const name = `${index} ${JSON.stringify(fault)}`;
        const earlierCalls = countCall(`${name} seen`);
        const isHit =
          earlierCalls >= (fault.after ?? 0) &&
          fractionOf(`${seed} ${name} ${earlierCalls}`) < (fault.chance ?? 1) &&
          (fault.perSecond === undefined || isAboveRate(`${name} ${operation} ${region}`, fault.perSecond, now));
        return isHit && (fault.times === undefined || countCall(`${name} hit`) < fault.times);
      });
    },
    policies: currentSettings,
    deniedTo: (name) => currentSettings().deny?.[name] ?? [],
    isStillHidden: (arn, age, requestId) =>
      isStillNew(`hidden ${arn}`, { age, tries: currentSettings().newKeyTries, requestId }),
    isStillWithoutMaterial: (arn, age, requestId) =>
      isStillNew(`without material ${arn}`, { age, tries: currentSettings().newMaterialTries, requestId }),
    isBucketStillHidden: (name, age, requestId) =>
      isStillNew(`hidden bucket ${name}`, { age, tries: currentSettings().newBucketTries, requestId }),
    hasRequesterPay: (name) => currentSettings().requesterPays?.includes(name) === true,
    hasObjectLock: (name) => currentSettings().objectLock?.includes(name) === true,
    isForeignBucket: (name) => currentSettings().foreignBuckets?.includes(name) === true,
    sessionSeconds: () => currentSettings().sessionSeconds,
    isStillUnknown: (arn) =>
      currentSettings().newPrincipals?.includes(arn) === true && countCall(`unknown ${arn}`) < unknownPrincipalTries,
  };
}

/** Gives a number from 0 to below 1 that depends only on the text, so that the same seed gives the same faults. */
function fractionOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE() / 2 ** 32;
}
