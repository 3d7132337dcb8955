import assert from 'node:assert/strict';
import crypto, { createPublicKey, randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { S3Client } from '@aws-sdk/client-s3';
import { makeAskIam } from '../../source/aws/asking-iam.ts';
import { attemptsOf } from '../../source/ceremony/attempt.ts';
import type { Answers } from '../../source/ceremony/question.ts';
import type { ActContext, Progress } from '../../source/ceremony/step.ts';
import type { Facts } from '../../source/steps/facts.ts';
import type { Services } from '../../source/steps/services.ts';
import type { StepId } from '../../source/steps/step-id.ts';
import { endpointsWith } from '../known-facts.ts';
import { makeOfflineServicesFor, withClients } from '../offline-services.ts';
import { replaceMembers } from '../replace-members.ts';
import { ImpatientWaiting } from '../services.ts';

type Given = {
  readonly step: StepId;
  /** Clients that send nothing. */
  readonly kms?: KMSClient;
  readonly iam?: IAMClient;
  readonly s3?: S3Client;
  readonly facts?: Facts;
  readonly answers?: Answers;
  /** Parts that replace those of a run without a connection. */
  readonly parts?: Partial<Services>;
};

/** What a step acts in: a folder and a journal of its own, and services of AWS that answer by themselves. Nothing is sent. */
export function actingIn(t: TestContext, { step, kms, iam, s3, facts = {}, answers = {}, parts = {} }: Given) {
  const clients = { kms, iam, s3, askIam: makeAskIam(), endpoints: endpointsWith() };
  const offline = withClients(t, clients, makeOfflineServicesFor(t));
  const services: Services = { ...offline, ...parts };
  const { journal } = services;
  const reports: Progress[] = [];
  const { pause, waits } = new ImpatientWaiting();
  const stop = new AbortController();
  const context: ActContext<Facts, Services> = {
    facts,
    answers,
    services,
    attempt: attemptsOf(journal, step, pause),
    report: (progress) => void reports.push(progress),
    pause,
    signal: stop.signal,
  };
  return { context, services, journal, reports, waits, stop };
}

/** A wrapping key of this length and its token, as KMS sends them. Nobody has the private key, so what is wrapped stays so. */
export function parametersToImport(bits = 4096) {
  const modulus = randomBytes(bits / 8);
  modulus[0] = (modulus[0] ?? 0) | 0x80;
  modulus[modulus.length - 1] = (modulus.at(-1) ?? 0) | 1;
  const jwk = { kty: 'RSA', n: modulus.toString('base64url'), e: 'AQAB' };
  const PublicKey = createPublicKey({ key: jwk, format: 'jwk' }).export({ format: 'der', type: 'spki' });
  return {
    KeyId: 'k',
    PublicKey,
    ImportToken: randomBytes(64),
    ParametersValidTo: new Date('2026-11-26T14:00:00.000Z'),
  };
}

/** Lets OpenSSL wrap each key into zeroes, so that no wrapping can be proven, until the test ends. */
export function breakWrapping(t: TestContext): void {
  replaceMembers(t, crypto, { publicEncrypt: (_: object, bytes: Buffer) => Buffer.alloc(512, bytes.length) });
}

/** What an act gets that tries nothing with AWS, has nothing to tell and is never stopped, but for these parts. */
export const bareContext = (
  parts: Pick<ActContext<Facts, Services>, 'services'> & Partial<ActContext<Facts, Services>>,
): ActContext<Facts, Services> => ({
  facts: {},
  answers: {},
  attempt: () => assert.fail('nothing is tried'),
  report: () => {},
  pause: async () => {},
  signal: new AbortController().signal,
  ...parts,
});
