import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MissingPermission } from '../../source/aws/permission-judgement.ts';
import type { Question } from '../../source/ceremony/question.ts';
import { type Facts, need } from '../../source/steps/facts.ts';
import type { KeyferryCeremony, Services } from '../../source/steps/services.ts';
import type { Stage } from '../../source/ui/ink/journey.ts';
import { newFolder } from '../new-folder.ts';
import { bareAwsEnvironment, fixWorld } from './fixed-world.ts';
import { Photographer, type Picture } from './photographer.ts';
import { requestIdStandIn, standIns } from './stand-ins.ts';

/** What is typed where a question has no default, or where its default shows too little. */
const examples = {
  'secret-key/file': 'master.key',
  'secret-key/check-value': '08D7B4',
  'describe-key/alias': 'payments-2026',
  'describe-key/description': 'Encrypts the payments archive',
  'import/valid-to': '90d',
  'encrypt-objects/bucket': 'keyferry-payments-2026',
  'encrypt-objects/files': ['ledger-2025.parquet', 'ledger-2026.parquet', 'statements.tar'],
  'set-up/kind': 'everything',
};

/** What goes wrong at each try of a step before it goes right: practice AWS reads this from its control file. */
const mishaps: Readonly<Record<string, readonly object[]>> = {
  policy: [
    { deny: { SecurityAdmin: ['kms:CreateKey'] } },
    {
      deny: { SecurityAdmin: ['kms:ListKeys'] },
      faults: [{ operation: 'kms:CreateKey', do: 'drop-after', times: 1 }],
    },
  ],
  'wrapping-key': [{ faults: [{ operation: 'kms:GetParametersForImport', do: 'fail' }] }],
  import: [{ faults: [{ operation: 'kms:ImportKeyMaterial', do: 'fail' }] }],
  'encrypt-objects': [{ faults: [{ operation: 's3:PutObject', do: 'fail' }] }],
};

/**
 * Every screen of the real ceremony against practice AWS, in a world where ids, dates and keys are always the same. It
 * changes this process for good: clock, chance, environment and current folder.
 */
export async function photographCeremony(): Promise<readonly Picture[]> {
  fixWorld();
  const home = newFolder();
  bareAwsEnvironment(home);
  process.chdir(home);
  writeFileSync('master.key', `${createHash('sha256').update('keyferry').digest('base64')}\n`);
  for (const name of ['ledger-2025.parquet', 'ledger-2026.parquet', 'statements.tar']) writeFileSync(name, name);
  const stateFolder = join(home, 'keyferry-practice-aws');
  mkdirSync(stateFolder, { mode: 0o700 });
  const control = (settings: object) =>
    writeFileSync(join(stateFolder, 'practice-control.json'), JSON.stringify(settings));

  await makeBuckets(stateFolder);
  const { guidedFirstImport: firstImport } = await import('../../source/ceremonies/first-import/guided.ts');
  const { runCeremony } = await import('../../source/ceremony/ceremony.ts');
  const { withCommandsToPaste } = await import('../../source/steps/practice-commands.ts');
  const { explain, newFolder: ceremonyFolder, openCeremony } = await import('../../source/commands/open-ceremony.ts');
  const { savedNow } = await import('../../source/commands/conduct.ts');
  const { continueQuestion } = await import('../../source/commands/continue-question.ts');
  const opened = await openCeremony(firstImport, ceremonyFolder({}), {});
  const shown = withCommandsToPaste(firstImport);
  const photographer = new Photographer({
    ceremony: shown,
    examples,
    savedNow: () => savedNow(opened),
    beforeActing: (step, earlier) => control(mishaps[step]?.[earlier] ?? {}),
  });
  try {
    const { services, begin, waiting } = opened;
    const { journal, folder } = services;
    const ending = await runCeremony({
      ceremony: shown,
      journal,
      services,
      begin,
      waiting,
      interviewer: photographer,
      explain,
      signal: new AbortController().signal,
    });
    if (ending.ended !== 'finished') throw new Error(`The ceremony stopped: ${ending.problem.what}`);
    photographer.closing((await firstImport.conclude(ending.facts, services)).page);
    photographer.ask('continue', continueQuestion([{ path: folder.path, ceremony: firstImport, journal }]));
    for (const question of despiteQuestions(firstImport, ending.facts, services))
      photographer.ask(`policy/${question.id}`, question, 'policy');
    const recommended = { ...ending.facts, setUp: { kind: 'recommended' } } as const;
    const plan = firstImport.steps.find(({ id }) => id === 'policy');
    for (const question of plan?.questions({ facts: recommended, answers: {}, services }).slice(0, 1) ?? [])
      photographer.ask('policy/plan', question, 'policy');
    return photographer.pictures.map((picture) => withoutChance(picture, standIns(process.cwd())));
  } finally {
    await opened.close();
  }
}

/** What is asked at the policy where the test of the caller's permissions found some missing. */
function despiteQuestions(ceremony: KeyferryCeremony, facts: Facts, services: Services): readonly Question[] {
  const missing: MissingPermission[] = [
    { action: 'kms:CreateKey', on: 'account', by: 'no policy' },
    { action: 'kms:TagResource', on: 'key', beforeKey: true, by: 'boundary' },
  ];
  const people = { ...need(facts, 'people'), test: { tested: true, missing } as const };
  const policy = ceremony.steps.find(({ id }) => id === 'policy');
  const questions = policy?.questions({ facts: { ...facts, people }, answers: {}, services }) ?? [];
  return questions.filter(({ id }) => id === 'despite-missing-permissions');
}

/** Buckets to choose from, some of them in another Region. */
async function makeBuckets(stateFolder: string): Promise<void> {
  const { startPracticeAws } = await import('../../source/practice/server.ts');
  const { CreateBucketCommand, S3Client } = await import('@aws-sdk/client-s3');
  const aws = await startPracticeAws({ stateFolder });
  for (let number = 1; number <= 15; number += 1) {
    const region = number % 4 === 0 ? 'eu-central-1' : 'us-east-1';
    const s3 = new S3Client({ ...aws, region, forcePathStyle: true });
    const place = region === 'us-east-1' ? {} : { CreateBucketConfiguration: { LocationConstraint: region } as const };
    await s3.send(new CreateBucketCommand({ Bucket: `archive-${2010 + number}`, ...place }));
    s3.destroy();
  }
  await aws.close();
}

/** Pages show the folder and the port, problems a request id: none of them is the same twice. */
function withoutChance({ name, journey }: Picture, standIn: (text: string) => string): Picture {
  const { panel } = journey;
  const stage = withoutRequestId(journey.stage);
  if (panel === undefined) return { name, journey: { ...journey, stage } };
  const lines = panel.content.lines.map(standIn);
  return { name, journey: { ...journey, stage, panel: { ...panel, content: { ...panel.content, lines } } } };
}

function withoutRequestId(stage: Stage): Stage {
  if (stage.phase !== 'problem' || stage.problem.requestId === undefined) return stage;
  return { ...stage, problem: { ...stage.problem, requestId: requestIdStandIn(stage.problem.requestId) } };
}
