/** The answers file that `keyferry run --example expiry` prints. */
export const expiryExample = `# Answers for: keyferry run THIS-FILE --practice --workdir FOLDER
# FOLDER is that of the ceremony that made the key. Without one, say the key below.
# A line that begins with # shows an answer that may be left out, with its form.
# The path of a file begins in FOLDER; where no such file is there, in the current
# directory.

ceremony: expiry

# connect:
#   region: us-east-1         # left out, the one of the ceremony in FOLDER

# find-key:
#   key: alias/my-first-key   # only without a ceremony: a key id, an ARN or an alias

change-expiry:
  expiry: date                # never, or date:
  valid-to: 364d              # within 365 days; 2027-03-01 11:59 UTC works too
  shorten: true               # must be said where that is sooner than now
  # backups:                  # left out, the copies that lie in FOLDER
  #   - my-first-key.key.age  # a backup, or a key file of 32 bytes; one a material
  passphrase-file: backup-passphrase.txt   # opens backups under a passphrase
  # passphrase-2-file: other-passphrase.txt   # where a backup has another one; -3, -4 and so on
  # identity: age-key.txt     # opens backups to recipients
  # proceed: import           # a disabled key is disabled again; or leave-enabled
`;
