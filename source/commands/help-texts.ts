/** What `keyferry explain --help` adds: a worked example. */
export const explainHelp = `
Example:
  keyferry explain InvalidCiphertextException
  aws kms import-key-material ... 2>&1 | keyferry explain

  InvalidCiphertextException, from ImportKeyMaterial

  The material was not imported.
  The key is as it was; your secret is unchanged.

  What it means
    KMS could not unwrap the material, and gives no reason. ...

keyferry explain permissions > policy.json writes an IAM policy for a first import.
Exit status: 0 explained, 1 not known, 2 nothing to explain.`;

/** What `keyferry unfinished --help` adds. */
export const unfinishedHelp = `
Example:
  keyferry unfinished --profile ops --region eu-central-1

  1 key waits for material in eu-central-1. Each costs 1 USD a month.

  8f3c2a10-5f0e-4b51-9a43-1c7d6e2b90aa  alias/payments-2026
    made 2026-11-24 14:15 UTC, never had material. Nothing was encrypted with it.
    Continue:  keyferry --workdir keyferry-payments-2026
    Or delete: aws kms schedule-key-deletion --key-id 8f3c2a10-... ...

Without --profile it works as the aws command does: with the access keys of the
environment, else AWS_PROFILE, else the default profile, else the machine's role.
Exit status: 0 looked, 1 could not look, 2 wrong usage.`;
