import {
  IAMClient,
  type ServiceInputTypes as IamInput,
  type ServiceOutputTypes as IamOutput,
  type SimulatePrincipalPolicyRequest,
} from '@aws-sdk/client-iam';
import {
  KMSClient,
  type ServiceInputTypes as KmsInput,
  type ServiceOutputTypes as KmsOutput,
} from '@aws-sdk/client-kms';
import { S3Client, type ServiceInputTypes as S3Input, type ServiceOutputTypes as S3Output } from '@aws-sdk/client-s3';

/* Clients that send nothing, and errors as the SDK throws them. */

const config = { region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, maxAttempts: 1 };

/** Gives what a service would answer to a command such as `GetRole`. An error is thrown, whether it is given or thrown here. */
type Answer<Input, Output> = (input: Input, command: string) => Given<Output> | Promise<Given<Output>>;
type Given<Output> = Partial<Output> | Error;

/** A client of IAM that sends nothing. */
export function answeringIam(answer: Answer<IamInput, IamOutput>): IAMClient {
  const iam = new IAMClient(config);
  iam.middlewareStack.add(byItself(answer), { step: 'initialize' });
  return iam;
}

/** The same of KMS. */
export function answeringKms(answer: Answer<KmsInput, KmsOutput>): KMSClient {
  const kms = new KMSClient(config);
  kms.middlewareStack.add(byItself(answer), { step: 'initialize' });
  return kms;
}

/** A client of KMS that always answers so, and what it was asked. */
export function notingKms(output: Partial<KmsOutput> = {}) {
  const sent: KmsInput[] = [];
  const kms = answeringKms((input) => {
    sent.push(input);
    return output;
  });
  return { kms, sent };
}

/** A client of S3 that sends nothing. */
export function answeringS3(answer: Answer<S3Input, S3Output>): S3Client {
  const s3 = new S3Client(config);
  s3.middlewareStack.add(byItself(answer), { step: 'initialize' });
  return s3;
}

const byItself =
  <Input, Output>(answer: Answer<Input, Output>) =>
  (_: unknown, { commandName = '' }: { readonly commandName?: string }) =>
  async ({ input }: { readonly input: Input }) => {
    const given = await answer(input, commandName.replace(/Command$/, ''));
    if (given instanceof Error) throw given;
    return { output: { $metadata: {}, ...given } as Output, response: undefined };
  };

/** Gives these answers in turn, and the last one again and again. */
export function inTurn<Each extends object>(answers: readonly Each[]): () => Each {
  let asked = 0;
  return () => {
    const answer = answers[Math.min(asked, answers.length - 1)];
    asked += 1;
    if (answer === undefined) throw new Error('There is no answer.');
    return answer;
  };
}

/** An error of an answer with this status, as the SDK throws it. */
export const refusal = (name: string, httpStatusCode: number, more: object = {}) =>
  Object.assign(new Error(name), { name, $fault: 'client', $metadata: { httpStatusCode }, ...more });

/** An answer that throws this error. */
export const throwing = (error: Error) => (): never => {
  throw error;
};

/** An IAM that allows all but the denied actions. It notes about which actions, and of whom, it was asked. */
export function simulatingIam(denied: readonly string[] = []) {
  const asked: string[] = [];
  const principals = new Set<string | undefined>();
  const iam = answeringIam((input) => {
    const { ActionNames = [], PolicySourceArn } = input as SimulatePrincipalPolicyRequest;
    asked.push(...ActionNames);
    principals.add(PolicySourceArn);
    const decisionOn = (action: string) => (denied.includes(action) ? 'implicitDeny' : 'allowed');
    return {
      EvaluationResults: ActionNames.map((action) => ({ EvalActionName: action, EvalDecision: decisionOn(action) })),
    };
  });
  return { iam, asked, principals };
}
