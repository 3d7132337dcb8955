import { profileInSource } from '../aws/environment.ts';
import { costsWords } from '../aws/key-price.ts';
import type { KnownKey } from '../ceremonies/known-keys.ts';
import { workdirWords } from '../ceremony/folder.ts';
import { ownCommand } from '../ceremony/own-command.ts';
import { quote } from '../ceremony/shell-word.ts';
import { utc } from '../steps/dates.ts';
import type { Source } from '../steps/facts.ts';
import { placeFlags } from '../steps/place-flags.ts';
import { type Due, hadMaterial } from './due.ts';
import type { ListedKey } from './listed-key.ts';
import { otherKindWords } from './words.ts';

// Pages: KMS developer guide, "Perform on-demand key rotation", "Reimport key material"; AWS KMS pricing.

/** The credentials and the endpoint with which the keys were looked at. Printed commands use the same. */
export type Where = { readonly source: Source; readonly endpointUrl: string | undefined };

/** What a person can do for a key: a sentence, and the commands for it, which run as printed. */
export type Advice = { readonly says: string; readonly commands: readonly string[] };

/** Gives what to do for each thing that is due for a key. */
export function adviceOn(listed: ListedKey, where: Where): readonly Advice[] {
  return listed.due.flatMap((due) => adviceOnDue(due, listed, where));
}

/** Gives what to do for one thing that is due. Keyferry has no command for a key of another kind than SYMMETRIC_DEFAULT. */
function adviceOnDue(due: Due, listed: ListedKey, where: Where): readonly Advice[] {
  if (listed.key.keySpec !== 'SYMMETRIC_DEFAULT') return adviceOnOtherKind(due, listed.key.keySpec);
  switch (due.what) {
    case 'PendingImport':
      return importAdvice(listed, where);
    case 'Expiry':
      return [
        {
          says: `Its material expires at ${utc(due.at)}. Then nothing under it can be read. To change that:`,
          commands: [expiryCommand(listed, where)],
        },
      ];
    case 'PendingRotation':
      return rotationAdvice(listed, where);
  }
}

/**
 * Gives what to do for one thing that is due for a key of another kind than SYMMETRIC_DEFAULT, which Keyferry can only list. No
 * rotation is due for such a key.
 */
function adviceOnOtherKind(due: Due, keySpec: string): readonly Advice[] {
  const toImport =
    due.what === 'Expiry'
      ? `Its material expires at ${utc(due.at)}. To import it again`
      : 'KMS does not hold its material. To import it';
  return [{ says: `${toImport}, use the aws command: ${otherKindWords(keySpec)}.`, commands: [] }];
}

/** Gives what to do for a key that lacks its material. It depends on its ceremony here, on its past and on who made it. */
function importAdvice(listed: ListedKey, where: Where): readonly Advice[] {
  const { key, known } = listed;
  if (known?.isFinished === false)
    return [{ says: 'Its ceremony is not finished. To go on:', commands: [goOnCommand(known.folder)] }];
  // When KMS does not tell whether the key had material, the careful advice is to bring it back.
  if (hadMaterial(key) !== false)
    return [
      {
        says: 'What it encrypted cannot be read until the same material comes back:',
        commands: [reimportCommand(listed, where)],
      },
    ];
  const neverHadMaterial = `It never had material, and ${costsWords(key.region)}.`;
  const deletion = deleteCommand(listed, where);
  if (key.ceremonyId !== undefined)
    return [
      {
        says: `${neverHadMaterial} Keyferry made it, and its folder is not here: go on where the ceremony was begun. Or delete it:`,
        commands: [deletion],
      },
    ];
  const maker = key.notRead?.includes('tags') ? 'Who made it is not known.' : 'Keyferry did not make it.';
  return [
    {
      says: `${neverHadMaterial} ${maker} To import its first material:`,
      commands: [importExistingCommand(listed, where)],
    },
    { says: 'Or delete it:', commands: [deletion] },
  ];
}

/**
 * Gives what to do for material that waits for a rotation. Each replica of a multi-Region key must have the material before the
 * rotation.
 */
function rotationAdvice(listed: ListedKey, where: Where): readonly Advice[] {
  const mustImportInReplicas = listed.key.materials.some(
    ({ state }) => state === 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION',
  );
  return mustImportInReplicas
    ? [
        {
          says: 'New material waits until each replica has the same bytes. Import them there, then rotate.',
          commands: [],
        },
      ]
    : [
        {
          says: 'New material is imported and not in use. All older material must stay imported too. To encrypt with the new from now on:',
          commands: [awsCommand('rotate-key-on-demand', listed, where)],
        },
      ];
}

/**
 * Gives the flags with which a keyferry command finds the key: its Region, and the credentials and endpoint with which the key
 * was found.
 */
const flagsFor = ({ region }: ListedKey['key'], { source, endpointUrl }: Where) =>
  placeFlags({ source, region }, endpointUrl);

/** Gives the command that schedules the deletion of a key. Only for a key that never had material: else data may be lost. */
export function deleteCommand(listed: Pick<ListedKey, 'key'>, where: Where): string {
  return awsCommand('schedule-key-deletion', listed, where, ['--pending-window-in-days 7']);
}

/** Gives the command that goes on with the ceremony of a folder. */
export const goOnCommand = (folder: string) => ownCommand(...workdirWords(folder));

/** Gives the ceremony that brings material back: a key that is kept elsewhere is wrapped there. */
const reimportOf = ({ keeper }: Pick<KnownKey, 'keeper'>) => (keeper === undefined ? 'reimport' : 'reimport-wrapped');

/** Gives the command that brings material back: from the folder that knows the key, or else from a copy of its bytes. */
export function reimportCommand({ known, key }: ListedKey, where: Where): string {
  if (known !== undefined) return ownCommand(reimportOf(known), ...workdirWords(known.folder));
  return ownCommand('reimport', ...flagsFor(key, where));
}

/**
 * Gives the command that changes when material expires: with the folder that knows the key, or else with the key's id. For a key
 * that is kept elsewhere, that is the command that brings material back: it changes the expiry too.
 */
function expiryCommand({ known, key }: ListedKey, where: Where): string {
  if (known?.keeper !== undefined) return ownCommand(reimportOf(known), ...workdirWords(known.folder));
  if (known !== undefined) return ownCommand('expiry', ...workdirWords(known.folder));
  return ownCommand('expiry', '--key', key.keyId, ...flagsFor(key, where));
}

/** Gives the command that imports the first material of a key that Keyferry did not make, as far as is known. */
function importExistingCommand({ alias, key }: ListedKey, where: Where): string {
  return ownCommand('import-existing', alias ?? key.keyId, ...flagsFor(key, where));
}

/**
 * Gives a command of the aws program about one key, with the profile and the endpoint that the person named. For practice AWS
 * there is neither: the person sets credentials and endpoint in the environment, with the lines that `keyferry practice-aws`
 * prints.
 * @param moreFlags each with its value.
 */
function awsCommand(
  operation: string,
  { key: { keyId, region } }: Pick<ListedKey, 'key'>,
  { source, endpointUrl }: Where,
  moreFlags: readonly string[] = [],
): string {
  const profile = profileInSource(source);
  return [
    `aws kms ${operation} --key-id ${keyId}`,
    ...moreFlags,
    `--region ${region}`,
    ...(profile === undefined ? [] : [`--profile ${quote(profile)}`]),
    ...(endpointUrl === undefined ? [] : [`--endpoint-url ${quote(endpointUrl)}`]),
  ].join(' ');
}
