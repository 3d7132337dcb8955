/** The answers file that `keyferry run --example check-backup` prints. */
export const checkBackupExample = `# Answers for: keyferry run THIS-FILE --workdir FOLDER
# FOLDER is that of the ceremony that made the key. Its backup is checked.
# A line that begins with # shows an answer that may be left out, with its form.
# The path of a file begins in FOLDER; where no such file is there, in the current
# directory.

ceremony: check-backup

re-import:
  passphrase-file: backup-passphrase.txt   # opens a backup under a passphrase
  # identity: age-key.txt     # opens a backup to recipients
  # CloudTrail gets GetParametersForImport and ImportKeyMaterial; alarms may fire.
  proceed: import             # a disabled key is disabled again; or leave-enabled
`;

/** The answers file that `keyferry run --example check-backup-offline` prints. */
export const checkOfflineExample = `# Answers for: keyferry run THIS-FILE --workdir FOLDER
# FOLDER is that of the ceremony that made the key, or a copy of it on any machine.
# Its backup is compared with the record in it; AWS is asked nothing.
# The path of a file begins in FOLDER; where no such file is there, in the current
# directory.

ceremony: check-backup-offline

compare:
  passphrase-file: backup-passphrase.txt   # opens a backup under a passphrase
  # identity: age-key.txt     # opens a backup to recipients
`;
