import { profileInSource } from '../aws/environment.ts';
import { workdirWords } from '../ceremony/folder.ts';
import { ownCommand } from '../ceremony/own-command.ts';
import { quote } from '../ceremony/shell-word.ts';
import { utc } from '../steps/dates.ts';
import type { Source } from '../steps/facts.ts';
import { placeFlags } from '../steps/place-flags.ts';
import { type Due, hadMaterial } from './due.ts';
import type { ListedKey } from './listed-key.ts';

/** Where the look was made, for the commands that are printed. */
export type Where = { readonly source: Source; readonly endpointUrl: string | undefined };

/** What to do for a key: a sentence, and commands that can be run as printed. */
export type Advice = { readonly says: string; readonly commands: readonly string[] };

/** Gives what to do for each thing that is due for a key. */
export function adviceOn(listed: ListedKey, where: Where): readonly Advice[] {
  return listed.due.flatMap((due) => adviceOnDue(due, listed, where));
}

function adviceOnDue({ what, at }: Due, listed: ListedKey, where: Where): readonly Advice[] {
  switch (what) {
    case 'PendingImport':
      return importAdvice(listed, where);
    case 'Expiry':
      return [
        {
          says: `Its material expires at ${utc(at ?? new Date())}. Then nothing under it can be read. To change that:`,
          commands: [expiryCommand(listed, where)],
        },
      ];
    case 'PendingRotation':
      return rotationAdvice(listed, where);
  }
}

function importAdvice(listed: ListedKey, where: Where): readonly Advice[] {
  const { key, known } = listed;
  if (known?.isFinished === false)
    return [{ says: 'Its ceremony is not finished. To go on:', commands: [goOnCommand(known.folder)] }];
  if (hadMaterial(key) !== false)
    return [
      {
        says: 'What it encrypted cannot be read until the same material comes back:',
        commands: [reimportCommand(listed, where)],
      },
    ];
  const never = 'It never had material, and costs 1 USD a month.';
  const deletion = deleteCommand(listed, where);
  if (key.ceremonyId !== undefined)
    return [
      {
        says: `${never} Keyferry made it, and its folder is not here: go on where the ceremony was begun. Or delete it:`,
        commands: [deletion],
      },
    ];
  const maker = key.notRead?.includes('tags') ? 'Who made it is not known.' : 'Keyferry did not make it.';
  return [
    { says: `${never} ${maker} To import its first material:`, commands: [importExistingCommand(listed, where)] },
    { says: 'Or delete it:', commands: [deletion] },
  ];
}

function rotationAdvice(listed: ListedKey, where: Where): readonly Advice[] {
  const isElsewhere = listed.key.materials.some(({ state }) => state === 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION');
  return isElsewhere
    ? [
        {
          says: 'New material waits until each replica has the same bytes. Import them there, then rotate.',
          commands: [],
        },
      ]
    : [
        {
          says: 'New material is imported and not in use. To encrypt with it from now on:',
          commands: [awsCommand('rotate-key-on-demand', listed, where)],
        },
      ];
}

/** The flags that lead where the look was made, in the Region of the key. */
const flagsFor = ({ region }: ListedKey['key'], { source, endpointUrl }: Where) =>
  placeFlags({ source, region }, endpointUrl);

/** The command that has a key deleted. Only for a key that never had material: with any other, data may be lost. */
export function deleteCommand(listed: Pick<ListedKey, 'key'>, where: Where): string {
  return awsCommand('schedule-key-deletion', listed, where, ['--pending-window-in-days 7']);
}

/** The command that goes on with the ceremony of a folder. */
export const goOnCommand = (folder: string) => ownCommand(...workdirWords(folder));

/** The command that brings material back: from the folder that knows the key, or else from a copy of its bytes. */
export function reimportCommand({ known, key }: ListedKey, where: Where): string {
  if (known !== undefined) return ownCommand('reimport', ...workdirWords(known.folder));
  return ownCommand('reimport', ...flagsFor(key, where));
}

/** The command that changes when material expires, from the folder that knows the key, or else by the name of the key. */
function expiryCommand({ known, key }: ListedKey, where: Where): string {
  if (known !== undefined) return ownCommand('expiry', ...workdirWords(known.folder));
  return ownCommand('expiry', '--key', key.keyId, ...flagsFor(key, where));
}

/** The command that imports the first material of a key that Keyferry did not make. */
function importExistingCommand({ alias, key }: ListedKey, where: Where): string {
  return ownCommand('import-existing', alias ?? key.keyId, ...flagsFor(key, where));
}

/** For practice AWS the endpoint and the credentials come from the environment, as `keyferry practice-aws` prints them. */
function awsCommand(
  operation: string,
  { key: { keyId, region } }: Pick<ListedKey, 'key'>,
  { source, endpointUrl }: Where,
  more: readonly string[] = [],
): string {
  const profile = profileInSource(source);
  return [
    `aws kms ${operation} --key-id ${keyId}`,
    ...more,
    `--region ${region}`,
    ...(profile === undefined ? [] : [`--profile ${quote(profile)}`]),
    ...(endpointUrl === undefined ? [] : [`--endpoint-url ${quote(endpointUrl)}`]),
  ].join(' ');
}
