import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { Interviewer } from '../../source/ceremony/interviewer.ts';
import type { Progress } from '../../source/ceremony/step.ts';
import type { Facts } from '../../source/steps/facts.ts';
import type { KeyferryCeremony, Services } from '../../source/steps/services.ts';
import type { Screen } from '../../source/ui/screen.ts';
import type { Saved } from '../../source/ui/stop-words.ts';
import { keyInBackup } from '../e2e/backup-key.ts';
import { newFolder } from '../new-folder.ts';
import { passphrase } from '../passphrase.ts';
import { bareAwsEnvironment, fixWorld } from './fixed-world.ts';
import { requestIdStandIn, standIns } from './stand-ins.ts';
import { Transcript } from './transcript.ts';

/** Opens an interface whose person answers by itself, and tells the transcript what this person saw or heard. */
export type Meet = (
  ceremony: KeyferryCeremony,
  parts: {
    readonly transcript: Transcript;
    readonly savedNow: () => Saved;
    readonly practice: boolean;
    /** Ends the walk, where something else is asked than the person answers. */
    readonly fail: (why: Error) => void;
  },
) => Promise<Met>;

/** The interface that was opened. */
export type Met = {
  readonly screen: Screen<Services>;
  /** Called when a step has done its work, while the person still sees or hears of it. */
  readonly acted?: (last: Progress | undefined) => Promise<void>;
};

/** What a walk leaves: its transcript, with stand-ins for what chance made, and the bytes of the keys that were brought. */
export type Walk = {
  readonly transcript: Transcript;
  readonly keys: readonly Buffer[];
  /** What was put in the place of the folder and the ports. */
  readonly standIn: (text: string) => string;
};

/**
 * A person walks through the first import against practice AWS, checks the backup, sets an expiry, brings the material back
 * after it was deleted, encrypts another object, and imports into a key of somebody else. It is a world where ids, dates and
 * keys are always the same. At the policy, AWS refuses once. This changes the process for good: clock, chance, environment and
 * current folder.
 */
export async function walkCeremonies(meet: Meet): Promise<Walk> {
  fixWorld();
  const home = newFolder();
  bareAwsEnvironment(home);
  process.chdir(home);
  const stateFolder = join(home, 'keyferry-practice-aws');
  mkdirSync(stateFolder, { mode: 0o700 });
  const { ceremonyOf } = await import('../../source/ceremonies/all.ts');
  const { leadThrough, savedNow } = await import('../../source/commands/conduct.ts');
  const { openCeremony } = await import('../../source/commands/open-ceremony.ts');
  const { redactScreen } = await import('../../source/ui/redacted.ts');
  const transcript = new Transcript();
  const standIn = standIns(home);
  const walk = async (id: string, folder: string) => {
    const ceremony = ceremonyOf(id);
    const opened = await openCeremony(ceremony, join(home, folder), {});
    transcript.begin(id === 'first-import' ? '' : `${id}/`);
    const lost = new AbortController();
    const { screen: met, acted } = await meet(ceremony, {
      transcript,
      savedNow: () => savedNow(opened),
      practice: opened.isPractice,
      fail: (why) => lost.abort(why),
    });
    // The folder is put out of the texts before they are laid out: lines would break elsewhere on another machine.
    const screen = watched(redactScreen(met, standIn, ''), transcript, stateFolder);
    const { words, status } = await leadThrough(heeded(ceremony, acted), opened, screen, {
      continueCommand: 'keyferry',
      signal: lost.signal,
    });
    await screen.close(words);
    lost.signal.throwIfAborted();
    if (status !== 0) throw new Error(`${id} ended with ${status}: ${words.join('\n')}`);
  };
  const folder = 'keyferry-payments-2026';
  await walk('first-import', 'keyferry-new');
  await walk('check-backup', folder);
  await walk('expiry', folder);
  await loseMaterial(stateFolder);
  await walk('reimport', folder);
  await walk('encrypt', folder);
  await makeOthersKeys(stateFolder);
  await walk('import-existing', 'keyferry-new');
  const backups = [join(folder, 'payments-2026.key.age'), join('keyferry-by-others', 'by-others.key.age')];
  const keys = await Promise.all(backups.map((path) => keyInBackup(join(home, path), passphrase)));
  return { transcript, standIn, keys };
}

/** The ceremony, in which each step waits at the end of its work for the person to have heard of it. */
function heeded(ceremony: KeyferryCeremony, acted: Met['acted']): KeyferryCeremony {
  const steps = ceremony.steps.map((step): KeyferryCeremony['steps'][number] => ({
    ...step,
    async act(context) {
      let last: Progress | undefined;
      const report = (progress: Progress) => {
        last = progress;
        context.report(progress);
      };
      const learned = await step.act({ ...context, report });
      await acted?.(last);
      return learned;
    },
  }));
  return { ...ceremony, steps };
}

/** The screen, and where in the ceremony what it tells belongs. */
function watched(screen: Screen<Services>, transcript: Transcript, stateFolder: string): Screen<Services> {
  const control = (settings: object) =>
    writeFileSync(join(stateFolder, 'practice-control.json'), JSON.stringify(settings));
  const { interviewer } = screen;
  let refuses = true;
  const told: Interviewer<Facts, Services> = {
    ...interviewer,
    async interview(step, context, given) {
      transcript.at(step.id);
      const interview = await interviewer.interview(step, context, given);
      const answers = typeof interview === 'object' && 'answers' in interview ? interview.answers : {};
      const asked = step.questions({ ...context, answers }).filter(({ id }) => !(id in given.start));
      await transcript.note(step.title, asked);
      return interview;
    },
    acting(step, context) {
      transcript.at(step.id);
      control(step.id === 'policy' && refuses ? { deny: { SecurityAdmin: ['kms:CreateKey'] } } : {});
      if (step.id === 'policy') refuses = false;
      interviewer.acting(step, context);
    },
    trouble: (step, problem) =>
      interviewer.trouble(
        step,
        problem.requestId === undefined ? problem : { ...problem, requestId: requestIdStandIn(problem.requestId) },
      ),
  };
  return {
    ...screen,
    interviewer: told,
    closing: (page) => {
      transcript.at('closing');
      return screen.closing(page);
    },
  };
}

/** Deletes the material of every key, as an administrator could. */
async function loseMaterial(stateFolder: string): Promise<void> {
  const { DeleteImportedKeyMaterialCommand, ListKeysCommand } = await import('@aws-sdk/client-kms');
  await byAdministrator(stateFolder, async (kms) => {
    for (const { KeyId } of (await kms.send(new ListKeysCommand({}))).Keys ?? [])
      await kms.send(new DeleteImportedKeyMaterialCommand({ KeyId }));
  });
}

/** Makes a key with a name, a description and tags, as Terraform does, and one of another kind. Both wait for material. */
async function makeOthersKeys(stateFolder: string): Promise<void> {
  const { CreateAliasCommand, CreateKeyCommand } = await import('@aws-sdk/client-kms');
  await byAdministrator(stateFolder, async (kms) => {
    const { KeyMetadata } = await kms.send(
      new CreateKeyCommand({
        Origin: 'EXTERNAL',
        Description: 'made by Terraform',
        Tags: [{ TagKey: 'team', TagValue: 'payments' }],
      }),
    );
    await kms.send(new CreateAliasCommand({ AliasName: 'alias/by-others', TargetKeyId: KeyMetadata?.KeyId }));
    await kms.send(new CreateKeyCommand({ Origin: 'EXTERNAL', KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }));
  });
}

/** Lets an administrator of the practice account do something with KMS. */
async function byAdministrator(stateFolder: string, act: (kms: KMSClient) => Promise<void>): Promise<void> {
  const { startPracticeAws } = await import('../../source/practice/server.ts');
  const { KMSClient } = await import('@aws-sdk/client-kms');
  const aws = await startPracticeAws({ stateFolder });
  const kms = new KMSClient({ ...aws, region: 'us-east-1' });
  await act(kms);
  kms.destroy();
  await aws.close();
}
