import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { DeleteImportedKeyMaterialCommand } from '@aws-sdk/client-kms';
import { ceremonies } from '../../source/ceremonies/all.ts';
import { guidedFirstImport } from '../../source/ceremonies/first-import/guided.ts';
import type { Answers, Question } from '../../source/ceremony/question.ts';
import type { StepContext } from '../../source/ceremony/step.ts';
import type { Facts } from '../../source/steps/facts.ts';
import type { KeyferryCeremony, KeyferryStep, Services } from '../../source/steps/services.ts';
import { keyInBackup } from '../e2e/backup-key.ts';
import { newFolder } from '../new-folder.ts';
import { externalKey } from '../practice/practising.ts';
import { ageIdentity } from '../secrets/age-identity.ts';
import { makeServices } from '../services.ts';
import { type AllAnswers, beginImport, RunningCeremony } from '../steps/ceremony.ts';
import { wrappedThere, wrapThere } from '../steps/wrap-there.ts';

type Name = keyof Facts;

/* A walk over every ceremony: what its steps say of themselves is true, and fits together. */

const guided = { ...guidedFirstImport, id: 'first-import-guided' };

for (const ceremony of [...ceremonies, guided]) {
  const { id, steps } = ceremony;

  test(`${id}: each fact that a step needs is provided by a step before it`, () => {
    assert.deepEqual(unprovidedNeeds(steps), []);
  });

  test(`${id}: each step that is led to is there, and not behind the one that leads to it`, () => {
    assert.deepEqual(strayLeads(steps), []);
  });

  test(`${id}: no two steps have one id`, () => {
    assert.equal(new Set(steps.map((step) => step.id)).size, steps.length);
  });

  test(`${id}: steps read and give only the facts that they name, ask only what they name, and foresee what is read`, async (t) => {
    const found = await strayingOf(t, ceremony);
    assert.deepEqual(found, []);
  });
}

/* Each rule finds a ceremony that breaks it. */

const [firstImport] = ceremonies as [KeyferryCeremony];

const changed = (id: string, change: Partial<KeyferryStep>): KeyferryCeremony => ({
  ...firstImport,
  steps: firstImport.steps.map((step) => (step.id === id ? { ...step, ...change } : step)),
});

test('a step before the one that provides what it needs is found', () => {
  const [connect, ...rest] = firstImport.steps;
  const order = [...rest, connect as KeyferryStep];
  assert.ok(unprovidedNeeds(order).includes('permissions needs connection'));
});

test('a step that leads to one that is not there is found', () => {
  assert.deepEqual(strayLeads(changed('import', { leadsTo: ['find-key', 'finish'] }).steps), [
    'import leads to find-key',
    'import leads to finish',
  ]);
});

test('a fact that is read or given and not named is found', async (t) => {
  assert.deepEqual(
    await strayingOf(t, changed('prove', { needs: ['connection', 'description', 'key', 'imported', 'secret'] })),
    [],
  );
  assert.deepEqual(await strayingOf(t, changed('policy', { needs: ['connection', 'people'] })), [
    'policy reads description',
  ]);
  assert.ok((await strayingOf(t, changed('wrap', { provides: [] }))).includes('wrap gives wrapped'));
});

test('a question that the step does not name is found', async (t) => {
  assert.deepEqual(await strayingOf(t, changed('connect', { asks: ['source'] })), []);
  assert.deepEqual(await strayingOf(t, changed('import', { asks: ['valid-to'] })), ['import asks expiry']);
});

test('a fact that later questions read and that nobody foresees is found', async (t) => {
  const found = await strayingOf(t, changed('describe-key', { foresee: () => ({}) }));
  assert.ok(found.includes('nobody foresees for policy: The fact "description" is missing.'), found.join());
});

function unprovidedNeeds(steps: readonly KeyferryStep[]): readonly string[] {
  const provided = new Set<Name>();
  return steps.flatMap(({ id, needs, provides }) => {
    const missing = needs.filter((name) => !provided.has(name)).map((name) => `${id} needs ${name}`);
    for (const name of provides) provided.add(name);
    return missing;
  });
}

function strayLeads(steps: readonly KeyferryStep[]): readonly string[] {
  return steps.flatMap(({ id, leadsTo = [] }, index) =>
    leadsTo
      .filter((lead) => !steps.slice(0, index + 1).some((step) => step.id === lead))
      .map((lead) => `${id} leads to ${lead}`),
  );
}

/** Runs a ceremony on practice AWS, and gives every fact and question that a step touches without naming it. */
async function strayingOf(t: TestContext, ceremony: KeyferryCeremony): Promise<readonly string[]> {
  const found = new Set<string>();
  const watched = { ...ceremony, steps: ceremony.steps.map((step) => watchedStep(step, found)) };
  const running = await startOf(t, watched);
  const { facts } = await foreseen(watched, running, found);
  assert.ok(facts !== undefined);
  await running.upTo();
  for (const step of watched.steps) {
    step.commands({ facts: running.facts, answers: {}, services: running.services });
    step.receipt(running.facts);
  }
  return [...found];
}

const { recipient, identityFile, identity } = ageIdentity(newFolder());
const answers: AllAnswers = {
  'secret-key': { keep: 'memory' },
  backup: { how: 'recipients', recipients: [recipient], identity: identityFile },
  're-import': { identity: identityFile },
  compare: { identity: identityFile },
  'bring-back': { expiry: 'keep', identity: identityFile },
  'change-expiry': { expiry: 'date', 'valid-to': '90d', shorten: true, identity: identityFile },
  'key-policy': { acknowledge: true },
};

/** A ceremony that is about to begin; where it starts from another one, that has been run. */
async function startOf(t: TestContext, ceremony: KeyferryCeremony): Promise<RunningCeremony> {
  if (ceremony.startsFrom.from === 'new folder') {
    const made = await makeServices(t);
    const key = await externalKey(made.practice.kms());
    return new RunningCeremony(made, ceremony, { ...answers, 'existing-key': { key } });
  }
  const first = await beginImport(t, { answers });
  const recorded = await first.upTo();
  if (ceremony.id.startsWith('reimport'))
    await first.practice.kms().send(new DeleteImportedKeyMaterialCommand({ KeyId: recorded.key?.keyId }));
  const made = await makeServices(t, {
    practice: first.practice,
    path: first.services.folder.path,
    journalName: 'journal-later-20261125T140200Z.jsonl',
    parts: { recorded },
  });
  if (ceremony.id === 'reimport-wrapped') {
    const running = new RunningCeremony(made, ceremony, { ...answers, wrap: { file: wrappedThere } });
    await running.upTo('wrapping-key');
    const backup = first.services.folder.file('my-first-key.key.age');
    wrapThere(running, await keyInBackup(backup, { by: 'identities', identities: [identity] }));
    return running;
  }
  return new RunningCeremony(
    made,
    ceremony,
    ceremony.id === 'encrypt' ? { ...answers, ...moreAnswers(recorded) } : answers,
  );
}

const moreAnswers = ({ objects }: Facts): AllAnswers => ({
  'encrypt-objects': { bucket: objects?.bucket ?? '', prefix: 'more', what: 'sample' },
});

/** The facts that the steps foresee with the answers of a rehearsal, in which each step's questions are worked out. */
async function foreseen(
  { steps, startsFrom }: KeyferryCeremony,
  { services }: RunningCeremony,
  found: Set<string>,
): Promise<{ readonly facts: Facts }> {
  let facts: Facts = startsFrom.from === 'recorded' ? { ...services.recorded } : {};
  for (const step of steps) {
    const context = { facts, answers: answers[step.id] ?? {}, services };
    try {
      step.questions(context);
      facts = { ...facts, ...step.foresee?.(context) };
    } catch (error) {
      found.add(`nobody foresees for ${step.id}: ${(error as Error).message}`);
    }
  }
  return { facts };
}

function watchedStep(step: KeyferryStep, found: Set<string>): KeyferryStep {
  const named = new Set<string>([...step.needs, ...(step.mayRead ?? []), ...step.provides]);
  const watch = (facts: Facts): Facts =>
    new Proxy(facts, {
      get(target, name) {
        const value = target[name as Name];
        if (typeof name === 'string' && value !== undefined && !named.has(name)) found.add(`${step.id} reads ${name}`);
        return value;
      },
    });
  const inside = <Context extends StepContext<Facts, Services>>(context: Context): Context => ({
    ...context,
    facts: watch(context.facts),
  });
  const asked = (questions: readonly Question[], given: Answers): readonly Question[] => {
    for (const { id, kind } of questions)
      if (kind !== 'secret' && !step.asks.includes(id)) found.add(`${step.id} asks ${id}`);
    assert.ok(given);
    return questions;
  };
  return {
    ...step,
    questions: (context) => asked(step.questions(inside(context)), context.answers),
    commands: (context) => step.commands(inside(context)),
    receipt: (facts) => step.receipt(watch(facts)),
    async act(context) {
      for (const problem of brokenCommands(step, context)) found.add(problem);
      const given = await step.act(inside(context));
      for (const name of Object.keys(given))
        if (!step.provides.includes(name as Name)) found.add(`${step.id} gives ${name}`);
      return given;
    },
  };
}

/** What is in a text field or a filter while a person types, and is no answer yet. */
const halfTyped = ['', ' ', '!', "it's", '2', '2027-', '~/', 'alias/', 's3://', 'arn:aws:kms:'];

/** The commands can be opened while something is half typed. Gives the questions at which that fails. */
function brokenCommands(step: KeyferryStep, context: StepContext<Facts, Services>): readonly string[] {
  return step.questions(context).flatMap(({ id, kind }) =>
    kind === 'choice' || kind === 'confirm'
      ? []
      : halfTyped.flatMap((text) => {
          const answers = { ...context.answers, [id]: kind === 'many' ? [text] : text };
          try {
            step.commands({ ...context, answers });
            return [];
          } catch (error) {
            return [`${step.id}/${id} at "${text}": ${(error as Error).message}`];
          }
        }),
  );
}
