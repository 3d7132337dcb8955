import {
  IAMClient,
  type ServiceInputTypes as IamInput,
  type ServiceOutputTypes as IamOutput,
} from '@aws-sdk/client-iam';
import {
  KMSClient,
  type ServiceInputTypes as KmsInput,
  type ServiceOutputTypes as KmsOutput,
} from '@aws-sdk/client-kms';

const config = { region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' }, maxAttempts: 1 };

/** A client of IAM that sends nothing: `answer` gives what IAM would, or throws. */
export function answeringIam(answer: (input: IamInput) => IamOutput): IAMClient {
  const iam = new IAMClient(config);
  const byItself = () => async (args: { input: IamInput }) => ({ output: answer(args.input), response: undefined });
  iam.middlewareStack.add(byItself, { step: 'initialize' });
  return iam;
}

/** The same of KMS. */
export function answeringKms(answer: (input: KmsInput) => KmsOutput): KMSClient {
  const kms = new KMSClient(config);
  const byItself = () => async (args: { input: KmsInput }) => ({ output: answer(args.input), response: undefined });
  kms.middlewareStack.add(byItself, { step: 'initialize' });
  return kms;
}
