import { quote } from '../ceremony/shell-word.ts';
import type { EquivalentCommand } from '../ceremony/step.ts';
import { lineBreak } from './aws-command-line.ts';
import type { KeyferryCeremony, KeyferryStep } from './services.ts';
import type { PracticeAccess } from './session.ts';

/**
 * Gives the ceremony with commands that a person can paste while it runs. On practice AWS they name the endpoint of this run,
 * so that they never reach real AWS, and the credentials come before them.
 */
export function withCommandsToPaste(ceremony: KeyferryCeremony): KeyferryCeremony {
  return { ...ceremony, steps: ceremony.steps.map(withStepCommandsToPaste) };
}

/**
 * Gives one step with commands that a person can paste while the ceremony runs. The credentials come first when a command calls
 * practice AWS. Without practice AWS, the commands stay as they are.
 */
function withStepCommandsToPaste(step: KeyferryStep): KeyferryStep {
  return {
    ...step,
    commands(context) {
      const { services } = context;
      const { practice } = services.session;
      if (practice === undefined) return step.commands(context);
      const commands = step.commands({ ...context, services: { ...services, practiceNow: practice } });
      const callsPractice = commands.some(({ shell }) => shell.includes(practice.endpoint));
      return callsPractice ? [credentialsCommand(practice), ...commands] : commands;
    },
  };
}

/** Gives the shell command that sets the credentials for practice AWS. They are of no use anywhere else. */
function credentialsCommand({ credentials }: PracticeAccess): EquivalentCommand {
  const { accessKeyId, secretAccessKey, sessionToken = '' } = credentials;
  const variables = {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  };
  const words = Object.entries(variables).map(([name, value]) => `${name}=${value === '' ? '' : quote(value)}`);
  return {
    says: 'These credentials are for practice AWS, which answers while Keyferry runs',
    shell: `export ${words.join(lineBreak)}`,
  };
}
