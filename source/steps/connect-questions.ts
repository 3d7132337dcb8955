import type { AwsEnvironment } from '../aws/environment.ts';
import { isKnownRegion, meantRegion } from '../aws/known-regions.ts';
import { isRegion, noRegion } from '../aws/region.ts';
import type { Answers, Option, Question } from '../ceremony/question.ts';
import type { Services } from './services.ts';

// Pages: KMS developer guide, "Multi-Region keys in AWS KMS"; S3 user guide, "Using server-side encryption with AWS KMS
// keys (SSE-KMS)".

/**
 * Asks what to connect to: practice AWS, or AWS with one of the sources of credentials of this machine. The sources that were
 * found come first.
 */
export function sourceQuestion(environment: AwsEnvironment): Question {
  const keysAndProfiles: Option[] = [
    ...(environment.hasKeys ? [{ value: 'environment', label: 'AWS, with the access keys in the environment' }] : []),
    ...environment.profiles.map(({ name, region }) => ({
      value: `profile:${name}`,
      label: `AWS, profile ${name}`,
      ...(region === undefined ? {} : { hint: region }),
    })),
  ];
  const practice: Option = { value: 'practice', label: 'Practice AWS, on this machine', hint: 'no account needed' };
  const role: Option = {
    value: 'instance-role',
    label: 'AWS, with the role of this machine or container',
    ...(environment.hasRole ? { hint: 'found' } : {}),
  };
  const credentials = environment.hasRole ? [role, ...keysAndProfiles] : keysAndProfiles;
  // Without any credentials, practice AWS comes first. A role that was not found can still be chosen.
  const options =
    credentials.length > 0 ? [...credentials, ...(environment.hasRole ? [] : [role]), practice] : [practice, role];
  return {
    kind: 'choice',
    id: 'source',
    ask: 'Where should the key go?',
    label: 'Connection',
    form: 'practice, environment, instance-role or profile:NAME',
    options,
    check: environment.whyMissing,
    help:
      credentials.length === 0
        ? 'No AWS credentials were found here. Practice AWS is a small AWS on this machine: same steps, nothing to pay, nothing to break.\nTo connect to an account: run aws configure, aws login or aws sso login, then start Keyferry again.'
        : 'Practice AWS is a small AWS on this machine: same steps, nothing to pay, nothing to break.',
  };
}

/** Asks for the Region. Suggests the one that aws-cli would use with the chosen source of credentials, or else us-east-1. */
export function regionQuestion({ environment, preset }: Services, answers: Answers): Question {
  const source = preset.source ?? String(answers.source ?? '');
  const profile = environment.profiles.find(({ name }) => source === `profile:${name}`);
  // As aws-cli does, takes the Region of the environment first, then that of the chosen profile, then that of the profile that
  // aws-cli uses when none is named: the first of the list.
  const profileForRegion = profile?.region === undefined ? environment.profiles[0] : profile;
  const suggestedRegion = environment.region ?? profileForRegion?.region ?? 'us-east-1';
  const profileWords =
    profileForRegion?.region === undefined ? undefined : `the Region of profile ${profileForRegion.name}`;
  const defaultFrom =
    environment.region === undefined ? profileWords : 'the Region in AWS_REGION or AWS_DEFAULT_REGION';
  return {
    kind: 'text',
    id: 'region',
    ask: 'In which Region?',
    label: 'Region',
    form: 'a Region code such as us-east-1 or eu-central-1',
    default: suggestedRegion,
    ...(defaultFrom === undefined ? {} : { defaultFrom }),
    check: (text) => (isRegion(text.trim()) ? undefined : noRegion),
    notice: (text) => (mayBecomeRegion(text.trim()) ? undefined : newRegionWords(text.trim())),
    suggest: meantRegion,
    remarks: (answer) => [newRegionWords(String(answer))].filter((words) => words !== ''),
    help: `The key and the buckets that use it must share this Region. A key cannot move to another Region later.${source === 'practice' ? ' For practice, any that AWS has will do.' : ''}`,
  };
}

/** True while a text is no Region yet, and more letters can make it one. */
const mayBecomeRegion = (text: string) => !isRegion(text) && /^[a-z\d-]*$/.test(text);

/** Says that a Region is new to Keyferry; an empty text for a known Region, and for a text that is no Region. */
function newRegionWords(region: string): string {
  return isKnownRegion(region) || !isRegion(region)
    ? ''
    : `Keyferry knows no Region ${region}. Go on only if AWS has it by now.`;
}
