import type { KnownError } from './entry.ts';

/**
 * Errors about profiles and the files that hold them. AWS CLI user guide, "Configuration and credential file settings
 * in the AWS CLI"; botocore, `exceptions.py`.
 */
export const sharedConfigEntries: readonly KnownError[] = [
  {
    names: ['ProfileNotFound'],
    phrases: [/The config profile \([^)\n]{0,200}\) could not be found/i],
    kind: 'fixable',
    why: 'The shared config has no profile of this name.',
    look: ['aws configure list-profiles', 'env | grep ^AWS_PROFILE'],
    next: ['Check the name, or make the profile: aws configure --profile NAME'],
  },
  {
    names: ['NoRegionError', 'MissingRegion', 'InvalidRegion'],
    phrases: [/You must specify a region/i, /Region is missing/i, /Unable to load region from any/i],
    kind: 'fixable',
    why: 'No Region is set. A KMS key lives in one Region, so AWS has to be told which.',
    look: ['aws configure get region', 'env | grep ^AWS_.*REGION'],
    next: ['Name one: --region us-east-1, or export AWS_REGION=us-east-1'],
  },
  {
    names: ['InvalidRegionError'],
    phrases: [/Provided region_name .{0,200} doesn't match a supported format/i],
    kind: 'fixable',
    why: 'The Region that is set is not written as one: most likely quotes stand around it in the config file.',
    causes: [
      'Quotes around the Region in ~/.aws/config: they count as part of it.',
      'A space, or another word than a Region.',
    ],
    look: ['aws configure get region --profile NAME', 'env | grep ^AWS_.*REGION'],
    next: ['Write it without quotes: region = eu-central-1', 'Then try again.'],
  },
  {
    names: ['ConfigParseError'],
    phrases: [/Unable to parse config file/i],
    kind: 'fixable',
    why: 'The shared config or credentials file cannot be read: a section stands twice in it, or a line is no setting.',
    causes: [
      'The same section, such as [profile ops], stands in the file twice.',
      'A line is neither a section, nor a setting with "=", nor a comment with "#".',
      'A setting stands before the first section.',
    ],
    look: ["grep -n '^\\[' ~/.aws/config ~/.aws/credentials", 'env | grep -E "^AWS_(CONFIG|SHARED_CREDENTIALS)_FILE"'],
    next: ['Put the two sections together, or correct the line. Then try again.'],
  },
  {
    names: ['InvalidConfigError'],
    phrases: [/The source_profile "[^"]{0,200}" referenced in the profile "[^"]{0,200}" does not exist/i],
    kind: 'fixable',
    why: 'The profile takes its credentials from another one by source_profile, and the shared config has no such profile.',
    causes: [
      'The section [profile NAME] of that name is missing in ~/.aws/config, or is written without the word profile.',
      'The name behind source_profile is mistyped.',
    ],
    look: ['aws configure list-profiles', 'aws configure get source_profile --profile NAME'],
    next: ['Add the section [profile NAME] that source_profile names, or correct the name.', 'Then try again.'],
  },
];
