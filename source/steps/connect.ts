import type { AwsClients } from '../aws/clients.ts';
import type { AwsEnvironment } from '../aws/environment.ts';
import { type Caller, principalName, readCaller } from '../aws/identity.ts';
import { explainAwsError, explainConnectionFailure } from '../aws/problems.ts';
import { endpointName, findUnreachable, suggestHowToReach, vpcEndpointName } from '../aws/reachability.ts';
import { isRegion, noRegion } from '../aws/region.ts';
import { type Problem, ProblemError } from '../ceremony/problem.ts';
import type { Answers, Option, Question } from '../ceremony/question.ts';
import { awsCommand } from './aws-command-line.ts';
import { atEndpoints, endpointsOf } from './endpoints.ts';
import { type Connection, isPractice, need, type Source } from './facts.ts';
import { noteSession } from './note-session.ts';
import type { KeyferryStep, Services } from './services.ts';

export const connect: KeyferryStep = {
  id: 'connect',
  asks: ['source', 'region'],
  needs: [],
  provides: ['connection'],
  title: 'Connection',
  done: 'Connected',
  place: 'you',
  lasting: false,
  why: 'KMS is the AWS service that keeps encryption keys. A key lives in one account and one Region, and works only there. So first: who are you, and where?',
  goesWrong: [
    'A key of one Region is of no use to a bucket in another. It cannot be moved, only made again.',
    'In a private subnet KMS, STS or S3 may not answer: a VPC endpoint for that service is missing.',
  ],

  questions({ answers, services }) {
    const questions: Question[] = [];
    if (services.preset.source === undefined) questions.push(sourceQuestion(services.environment));
    if (services.preset.region === undefined) questions.push(regionQuestion(services, answers));
    return questions;
  },

  commands({ facts, answers, services }) {
    const { source, region } = facts.connection ?? {
      source: sourceOf(answers, services),
      region: services.preset.region ?? String(answers.region ?? services.environment.region ?? 'us-east-1'),
    };
    const practice = `. On practice AWS, aws needs the lines that this prints: ${services.ownCommand('practice-aws', '--state', services.practiceState)}`;
    return [
      {
        says: `Who am I, and in which account${source === 'practice' ? practice : ''}`,
        shell: awsCommand({ connection: { source, region } }, services, 'sts get-caller-identity'),
      },
    ];
  },

  async act({ answers, services, report, signal }) {
    const source = sourceOf(answers, services);
    const region = services.preset.region ?? String(answers.region);
    report({ id: 'caller', label: 'Asking AWS who you are', state: 'working' });
    const what = "Can't connect to AWS.";
    const state = 'Nothing was made or changed.';
    // When a flag chose the connection, no question asks for another one.
    const remedies = services.preset.source === undefined ? [chooseAgain] : [];
    const clients = await services.session.connect(source, region).catch((error: unknown) => {
      throw new ProblemError({ ...explainAwsError(error, { what, state }), remedies });
    });
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(15_000)]);
    const [caller, unreachable] = await Promise.all([
      readCaller(clients, deadline).catch((error: unknown) => {
        signal.throwIfAborted();
        const problem = explainAwsError(error, { what, state });
        if (problem.kind !== 'waiting') throw new ProblemError({ ...problem, remedies });
        const service = clients.serviceOf(error) ?? 'sts';
        const named = `${service.toUpperCase()} at ${endpointName(clients, service)}`;
        const failure = explainConnectionFailure(error);
        const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
        const answered = failure ? 'does not answer' : `answered with status ${$metadata?.httpStatusCode}`;
        const why = `${named} ${answered}. ${problem.why}`;
        const vpcEndpoint = vpcEndpointName(clients, service);
        const next = failure
          ? [...suggestHowToReach([{ vpcEndpoint, ...failure }]), doctorAdvice(source, services)]
          : problem.next;
        throw new ProblemError({ ...problem, why, next, remedies });
      }),
      findUnreachable(clients, { signal }),
    ]);
    noteSession(caller, source, services);
    if (unreachable.length > 0) {
      throw new ProblemError({
        kind: 'waiting',
        what,
        why: unreachable
          .map(({ service, endpoint, reason }) => `${service} at ${endpoint} does not answer: ${reason}.`)
          .join(' '),
        state,
        next: [...suggestHowToReach(unreachable), doctorAdvice(source, services)],
        remedies,
      });
    }
    report({ id: 'caller', label: `You are ${caller.arn}`, state: 'done' });
    const connection: Connection = {
      source,
      region,
      accountId: caller.accountId,
      partition: caller.partition,
      callerArn: caller.arn,
      principalArn: caller.principalArn,
      ...endpointsOf(source, clients),
      ...(clients.answersAsPractice() ? { practice: true } : {}),
    };
    return { connection };
  },

  async restore({ facts, services }) {
    const before = need(facts, 'connection');
    const source = services.preset.source ?? before.source;
    const now = { source, region: services.preset.region ?? before.region };
    // Compared before connecting, because connecting would start practice AWS.
    if (source === 'practice' && placeWords(now) !== placeWords(before))
      throw new ProblemError(otherPlaceProblem(before, now));
    const inspect = (clients: AwsClients) => {
      const place = { ...now, ...endpointsOf(source, clients) };
      if (placeWords(place) !== placeWords(before)) throw new ProblemError(otherPlaceProblem(before, place));
    };
    let caller: Caller;
    try {
      const clients = await services.session.connect(source, now.region, inspect);
      caller = await readCaller(clients, AbortSignal.timeout(15_000));
    } catch (error) {
      const what = "Can't connect to AWS again.";
      throw new ProblemError(explainAwsError(error, { what, state: 'Every step that is done is saved.' }));
    }
    if (caller.accountId !== before.accountId || caller.partition !== before.partition)
      throw new ProblemError(otherAccountProblem(before, caller));
    noteSession(caller, source, services);
  },

  foresee({ answers, services }) {
    return {
      connection: {
        source: sourceOf(answers, services),
        region: String(answers.region ?? 'us-east-1'),
        accountId: '000000000000',
        partition: 'aws',
        callerArn: '',
        principalArn: 'arn:aws:iam::000000000000:root',
      },
    };
  },

  receipt(facts) {
    const connection = need(facts, 'connection');
    const { accountId, region, principalArn } = connection;
    const at = isPractice(connection) ? '' : atEndpoints(connection);
    return `Connected to ${isPractice(connection) ? 'practice AWS' : 'AWS'}: account ${accountId}, ${region}, as ${principalName(principalArn)}${at}`;
  },
};

const chooseAgain = { action: 'ask-again', label: 'Choose another connection', question: 'source' } as const;

function doctorAdvice(source: Source, { ownCommand }: Services): string {
  const [, profile] = /^profile:(.*)$/s.exec(source) ?? [];
  return `See what stands in the way: ${ownCommand('doctor', ...(profile === undefined ? [] : ['--profile', profile]))}`;
}

function sourceOf(answers: Answers, services: Services): Source {
  return services.preset.source ?? (String(answers.source) as Source);
}

type Place = Pick<Connection, 'source' | 'region' | 'endpoint' | 'endpoints'>;

function placeWords(place: Place): string {
  return `${sourceName(place.source)} in ${place.region}${atEndpoints(place)}`;
}

function otherPlaceProblem(before: Place, now: Place): Problem {
  return {
    kind: 'fixable',
    what: "Can't continue: this ceremony belongs to another place.",
    why: `It was begun with ${placeWords(before)}; now it would be ${placeWords(now)}.`,
    state: 'Nothing was sent or changed.',
    next: [
      before.endpoint !== undefined && now.endpoint === undefined
        ? `To continue it, start Keyferry again with --endpoint-url ${before.endpoint}`
        : 'Start Keyferry the way it was begun, to continue it.',
      'Or begin another ceremony in another folder.',
    ],
  };
}

function otherAccountProblem(before: Connection, now: Caller): Problem {
  const accountWords = ({ accountId, partition }: { accountId: string; partition: string }) =>
    before.partition === now.partition ? accountId : `${accountId} (${partition})`;
  return {
    kind: 'fixable',
    what: "Can't continue: this ceremony belongs to another account.",
    why: `It was begun in account ${accountWords(before)}; the credentials now are of account ${accountWords(now)}.`,
    state: 'Nothing was made or changed in either account.',
    next: [`Connect to account ${accountWords(before)}, then try again.`],
  };
}

function sourceName(source: Source): string {
  return source === 'practice' ? 'practice AWS' : `AWS (${source.replace(':', ' ')})`;
}

function sourceQuestion(environment: AwsEnvironment): Question {
  const found: Option[] = [
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
  const credentials = environment.hasRole ? [role, ...found] : found;
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

function regionQuestion({ environment, preset }: Services, answers: Answers): Question {
  const source = preset.source ?? String(answers.source ?? '');
  const profile = environment.profiles.find(({ name }) => source === `profile:${name}`);
  // aws-cli looks for a Region in this order. The first profile in the list is the one that it would use.
  const known = environment.region ?? profile?.region ?? environment.profiles[0]?.region ?? 'us-east-1';
  return {
    kind: 'text',
    id: 'region',
    ask: 'In which Region?',
    label: 'Region',
    form: 'a Region code such as us-east-1 or eu-central-1',
    default: known,
    check: (text) => (isRegion(text.trim()) ? undefined : noRegion),
    help: `The key and the buckets that use it must share this Region. A key cannot move to another Region later.${source === 'practice' ? ' For practice, any that AWS has will do.' : ''}`,
  };
}
