import { findCallerPrincipal } from '../aws/caller-principal.ts';
import type { AwsClients } from '../aws/clients.ts';
import { profileInSource } from '../aws/environment.ts';
import { type Caller, principalName, readCaller } from '../aws/identity.ts';
import { explainAwsError, explainConnectionFailure } from '../aws/problems.ts';
import { endpointName, findUnreachable, suggestHowToReach, vpcEndpointName } from '../aws/reachability.ts';
import { partitionOfRegion } from '../aws/region.ts';
import { type Problem, ProblemError } from '../ceremony/problem.ts';
import type { Answers, Question } from '../ceremony/question.ts';
import { awsCommand } from './aws-command-line.ts';
import { regionQuestion, sourceQuestion } from './connect-questions.ts';
import { type Endpoints, endpointFacts, endpointsOf, endpointWords } from './endpoints.ts';
import { type Connection, isPractice, need, type Source } from './facts.ts';
import { noteSession } from './note-session.ts';
import { derivedMark, principalFacts } from './own-principal.ts';
import type { KeyferryStep, Services } from './services.ts';
import { confirmMoved } from './trusted-endpoint.ts';

// Pages: KMS developer guide, "AWS KMS keys", "Multi-Region keys in AWS KMS", "Connect to AWS KMS through a VPC
// endpoint".

/** How long AWS may take to say who the caller is, in milliseconds. */
const callerTimeoutMs = 15_000;

/** Connects to AWS or to practice AWS, and finds out the account, the Region and the caller. */
export const connect: KeyferryStep = {
  id: 'connect',
  asks: ['source', 'region'],
  needs: [],
  provides: ['connection'],
  title: 'Connection',
  done: 'Connected',
  place: 'you',
  lasting: false,
  why: 'KMS is the AWS service that keeps encryption keys. A key lives in one account, and in one Region unless it is made for several. So first: who are you, and where?',
  goesWrong: [
    'A key of one Region is of no use to a bucket in another. It cannot be moved; only a multi-Region key gets replicas elsewhere.',
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
    const practiceNote = `. On practice AWS, aws needs the lines that this prints: ${services.ownCommand('practice-aws', '--state', services.practiceState)}`;
    return [
      {
        says: `Who am I, and in which account${source === 'practice' ? practiceNote : ''}`,
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
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(callerTimeoutMs)]);
    const callerAnswer = readCaller(clients, deadline).catch((error: unknown) => {
      signal.throwIfAborted();
      const problem = explainAwsError(error, { what, state });
      // A problem of the kind `waiting` may come from the network. So the person needs to know which service failed.
      const withService =
        problem.kind === 'waiting' ? nameService(problem, error, clients, doctorAdvice(source, services)) : problem;
      throw new ProblemError({ ...withService, remedies });
    });
    // All are asked at the same time, so that nobody waits for a silent service after the caller is known.
    const [caller, principal, unreachable] = await Promise.all([
      callerAnswer,
      callerAnswer.then((found) => findCallerPrincipal(clients, found, signal)),
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
      ...principalFacts(principal, caller),
      ...endpointFacts(source, clients),
    };
    return { connection };
  },

  /** Connects again, and makes sure that a ceremony goes on in the place and the account in which it was begun. */
  async restore({ facts, services }) {
    const before = need(facts, 'connection');
    const source = services.preset.source ?? before.source;
    const now = { source, region: services.preset.region ?? before.region };
    // This comparison comes before the connection, because a connection to practice AWS would start practice AWS.
    if (placeWords(now) !== placeWords(before)) throw new ProblemError(otherPlaceProblem(before, now));
    let endpoints: Endpoints = {};
    // `session.connect` calls this before anything is sent. Only then are the endpoints known.
    const inspect = (clients: AwsClients) => {
      endpoints = endpointsOf(source, clients);
      confirmMoved('connect', { before, now: endpoints }, clients, services);
    };
    let caller: Caller;
    try {
      const clients = await services.session.connect(source, now.region, inspect);
      caller = await readCaller(clients, AbortSignal.timeout(callerTimeoutMs));
    } catch (error) {
      const what = "Can't connect to AWS again.";
      throw new ProblemError(explainAwsError(error, { what, state: 'Every step that is done is saved.' }));
    }
    if (caller.accountId !== before.accountId || caller.partition !== before.partition)
      throw new ProblemError(otherAccountProblem(before, caller));
    noteSession(caller, source, services);
    if (endpointWords(endpoints) === endpointWords(before)) return undefined;
    // The endpoints of this run replace those of before.
    const { endpoint: _, endpoints: __, practice: ___, ...place } = before;
    return { connection: { ...place, ...endpointFacts(source, services.session.clients) } };
  },

  foresee({ answers, services }) {
    const region = services.preset.region ?? String(answers.region ?? 'us-east-1');
    const partition = partitionOfRegion(region);
    return {
      connection: {
        source: sourceOf(answers, services),
        region,
        accountId: '000000000000',
        partition,
        callerArn: '',
        principalArn: `arn:${partition}:iam::000000000000:root`,
      },
    };
  },

  receipt(facts) {
    const connection = need(facts, 'connection');
    const { accountId, region, principalArn, unconfirmed } = connection;
    const endpoints = isPractice(connection) ? '' : endpointWords(connection);
    const doubt = unconfirmed === undefined ? '' : `. ${doubtWords[unconfirmed.is]}: ${unconfirmed.why}`;
    return `Connected to ${isPractice(connection) ? 'practice AWS' : 'AWS'}: account ${accountId}, ${region}, as ${principalName(principalArn)}${endpoints}${doubt}`;
  },
};

/** What is said of the ARN that a key policy must name, when IAM did not confirm it. */
const doubtWords = {
  derived: `The ARN of this role is ${derivedMark}`,
  unknown: 'The ARN that a key policy can name is not known',
};

/**
 * Names in a problem the service that failed, and its endpoint. When the service did not answer, what to do next becomes how to
 * reach it.
 * @param error the error that the problem explains.
 * @param doctorLine a sentence with the command that looks for the cause.
 */
function nameService(problem: Problem, error: unknown, clients: AwsClients, doctorLine: string): Problem {
  // STS tells who the caller is. So an error that names no service is from STS.
  const service = clients.serviceOf(error) ?? 'sts';
  const failure = explainConnectionFailure(error);
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  const answerWords = failure ? 'does not answer' : `answered with status ${$metadata?.httpStatusCode}`;
  const why = `${service.toUpperCase()} at ${endpointName(clients, service)} ${answerWords}. ${problem.why}`;
  if (failure === undefined) return { ...problem, why };
  const vpcEndpoint = vpcEndpointName(clients, service);
  return { ...problem, why, next: [...suggestHowToReach([{ vpcEndpoint, ...failure }]), doctorLine] };
}

const chooseAgain = { action: 'ask-again', label: 'Choose another connection', question: 'source' } as const;

/** Tells the person which command looks for the cause. When the source is a profile, the command names this profile. */
function doctorAdvice(source: Source, { ownCommand }: Services): string {
  const profile = profileInSource(source);
  return `See what stands in the way: ${ownCommand('doctor', ...(profile === undefined ? [] : ['--profile', profile]))}`;
}

/** Gives the source of credentials that a flag or the answer names. */
function sourceOf(answers: Answers, services: Services): Source {
  return services.preset.source ?? (String(answers.source) as Source);
}

type Place = Pick<Connection, 'source' | 'region'>;

/** Says where a ceremony connects to. Two places with the same words are the same place. */
const placeWords = ({ source, region }: Place) => `${sourceName(source)} in ${region}`;

/** Makes the problem of a ceremony that would go on with another place than where it was begun. */
function otherPlaceProblem(before: Place, now: Place): Problem {
  return {
    kind: 'fixable',
    what: "Can't continue: this ceremony belongs to another place.",
    why: `It was begun with ${placeWords(before)}; now it would be ${placeWords(now)}.`,
    state: 'Nothing was sent or changed.',
    next: ['Start Keyferry the way it was begun, to continue it.', 'Or begin another ceremony in another folder.'],
    repeats: true,
  };
}

/** Makes the problem of a ceremony that would go on in another account, or in another partition of AWS such as `aws-cn`. */
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

/** Gives the name of a source of credentials for people: `practice AWS`, `AWS (profile NAME)`. */
function sourceName(source: Source): string {
  return source === 'practice' ? 'practice AWS' : `AWS (${source.replace(':', ' ')})`;
}
