import { practiceIdentities } from '../practice/fixed-identities.ts';
import { environmentKeys, profileKeys } from './identity-world.ts';

const user = practiceIdentities.secops1.credentials.accessKeyId;
const deployer = practiceIdentities.appDeployer.credentials.accessKeyId;

/** The identity of the machine in {@link defaultIdentities}. */
export const machineKey = practiceIdentities.securityAdmin.credentials.accessKeyId;

/** The first profile of the file is neither the default nor named: its program must not run. */
const first = '[profile first]\ncredential_process = sh -c "touch has-run; exit 1"\n';
const byDefault = `[default]\n${profileKeys('appDeployer')}`;
const named = `[profile named]\n${profileKeys('secops1')}`;

/** As a pod has it; any file can be the token here. */
const webIdentity = {
  AWS_WEB_IDENTITY_TOKEN_FILE: import.meta.filename,
  AWS_ROLE_ARN: practiceIdentities.appDeployer.principal.arn,
};

/** What a home and an environment hold on a machine with a role, and whom a command works as without flags, or why not. */
export const defaultIdentities: readonly {
  readonly name: string;
  readonly config: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The access key that signs, or what Keyferry says. */
  readonly signer: string | RegExp;
  /** What STS is asked first, which gives everyone the role of `deployer`. */
  readonly role?: string;
}[] = [
  {
    name: 'access keys come before AWS_PROFILE',
    config: first + named,
    environment: { ...environmentKeys('appDeployer'), AWS_PROFILE: 'named' },
    signer: deployer,
  },
  {
    name: 'AWS_PROFILE comes before the default profile',
    config: first + byDefault + named,
    environment: { AWS_PROFILE: 'named' },
    signer: user,
  },
  {
    name: 'AWS_DEFAULT_PROFILE comes before AWS_PROFILE',
    config: first + byDefault + named,
    environment: { AWS_DEFAULT_PROFILE: 'named', AWS_PROFILE: 'first' },
    signer: user,
  },
  {
    name: 'the default profile comes before the role of the machine',
    config: first + byDefault,
    environment: { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
    signer: deployer,
  },
  {
    name: 'a default profile with a Region alone leaves it to the machine',
    config: `${first}[default]\nregion = us-east-1\n`,
    environment: {},
    signer: machineKey,
  },
  { name: 'without a default profile the machine is left', config: first, environment: {}, signer: machineKey },
  {
    name: 'a web identity comes before the keys of the default profile',
    config: `${first}[default]\n${profileKeys('secops1')}`,
    environment: webIdentity,
    signer: deployer,
    role: 'AssumeRoleWithWebIdentity',
  },
  {
    name: 'a role of the default profile comes before a web identity',
    config: `${first}[default]\nrole_arn = ${webIdentity.AWS_ROLE_ARN}\nsource_profile = named\n${named}`,
    environment: webIdentity,
    signer: deployer,
    role: 'AssumeRole',
  },
  {
    name: 'a web identity comes before the keys of the profile in AWS_PROFILE',
    config: first + named,
    environment: { ...webIdentity, AWS_PROFILE: 'named' },
    signer: deployer,
    role: 'AssumeRoleWithWebIdentity',
  },
  {
    name: 'a role of the profile in AWS_PROFILE comes before a web identity',
    config: `${first}[profile role]\nrole_arn = ${webIdentity.AWS_ROLE_ARN}\nsource_profile = named\n${named}`,
    environment: { ...webIdentity, AWS_PROFILE: 'role' },
    signer: deployer,
    role: 'AssumeRole',
  },
  {
    name: 'a profile in AWS_PROFILE with a Region alone leaves it to the machine',
    config: `${first}${byDefault}[profile place]\nregion = us-east-1\n`,
    environment: { AWS_PROFILE: 'place' },
    signer: machineKey,
  },
  {
    name: 'a profile in AWS_PROFILE that does not exist is an error beside access keys too',
    config: first + byDefault,
    environment: { ...environmentKeys('appDeployer'), AWS_PROFILE: 'nope' },
    signer: /There is no profile nope\. The shared config has: /,
  },
  {
    name: 'a web identity of the environment comes before one of the default profile',
    config: `${first}[default]\nrole_arn = ${webIdentity.AWS_ROLE_ARN}\nweb_identity_token_file = /nowhere\n`,
    environment: webIdentity,
    signer: deployer,
    role: 'AssumeRoleWithWebIdentity',
  },
  {
    name: 'half of the keys of the default profile is an error',
    config: `${first}[default]\naws_access_key_id = AKIAX\n`,
    environment: {},
    signer: /Profile default has aws_access_key_id and no aws_secret_access_key/,
  },
  {
    name: 'half of the access keys is an error',
    config: first + byDefault,
    environment: { AWS_ACCESS_KEY_ID: 'AKIAX' },
    signer: /has AWS_ACCESS_KEY_ID and no AWS_SECRET_ACCESS_KEY/,
  },
  {
    name: 'a profile that AWS_PROFILE names and that does not exist is an error',
    config: first + byDefault,
    environment: { AWS_PROFILE: 'nope' },
    signer: /There is no profile nope\. The shared config has: /,
  },
  {
    name: 'a default profile that gives nothing is an error',
    config: `${first}[default]\ncredential_process = false\n`,
    environment: {},
    signer: /credential_process of profile default gave no credentials/,
  },
];
