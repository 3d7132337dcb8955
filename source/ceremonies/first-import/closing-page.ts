import type { ClosingPage } from '../../ceremony/conclusion.ts';
import { type Facts, isPractice, need } from '../../steps/facts.ts';
import { recordFile } from '../../steps/finish.ts';
import { type KeyNow, problemOfKey } from '../../steps/key-now.ts';
import { displayPath, findCopies } from '../../steps/known-copies.ts';
import type { KeyferryStep, Services } from '../../steps/services.ts';
import { fileAddress } from '../../terminal/hyperlinks.ts';
import { emphasisOn } from '../emphasis.ts';
import { openRecordAction } from '../open-record.ts';
import { closingLines, commandsToPaste, copiesHeading } from './closing-lines.ts';
import { saveRunbook } from './save-runbook.ts';

/**
 * Gives the last page of a finished first import: what exists now, and what the person can still do.
 * @param steps the steps of the ceremony, for the runbook that the person may save.
 * @param now the state of the key that KMS told just now.
 */
export function closingPage(
  steps: readonly KeyferryStep[],
  facts: Facts,
  { now, services }: { readonly now: KeyNow; readonly services: Services },
): ClosingPage {
  const { folder } = services;
  const isWell = problemOfKey(facts, now, services) === undefined;
  return {
    title: isWell ? 'Done' : 'Done, but look at this',
    lines: closingLines(facts, now, services),
    commands: commandsToPaste(facts, services).map((command) => `  ${command}`),
    actions: [
      openRecordAction(folder, recordFile),
      { key: 's', does: 'save as script', act: () => saveRunbook(steps, facts, services) },
    ],
    emphasis: emphasisOn({
      isWell,
      headings: Object.values(copiesHeading),
      kept: findCopies(facts, services).copies.flatMap((copy) =>
        copy.kind === 'memory' ? [] : [displayPath(services, copy.path)],
      ),
    }),
    links: linksOnPage(facts, services),
  };
}

/**
 * Gives the words on the page that are links, each with its address. The path of the record leads to that file, and the key
 * ARN to the key in the AWS console, when the console is public. Practice AWS has none.
 */
function linksOnPage(facts: Facts, { folder }: Services): ReadonlyMap<string, string> {
  const connection = need(facts, 'connection');
  const { region, partition } = connection;
  const { keyArn, keyId } = need(facts, 'key');
  const links = new Map([[`${folder.shown}/${recordFile}`, fileAddress(folder.file(recordFile))]]);
  const host = consoleHosts[partition]?.(region);
  if (!isPractice(connection) && host !== undefined)
    links.set(keyArn, `https://${host}/kms/home?region=${region}#/kms/keys/${keyId}`);
  return links;
}

/** The hosts of the AWS console, by partition. Those of other partitions are not public. */
const consoleHosts: Readonly<Record<string, (region: string) => string>> = {
  aws: (region) => `${region}.console.aws.amazon.com`,
  'aws-us-gov': (region) => `${region}.console.amazonaws-us-gov.com`,
  'aws-cn': (region) => `${region}.console.amazonaws.cn`,
};
