/** The answers file that `keyferry run --example reimport` prints. */
export const reimportExample = `# Answers for: keyferry run THIS-FILE --practice --workdir FOLDER
# FOLDER is that of the ceremony that made the key. Without one, say the key below.
# A line that begins with # shows an answer that may be left out, with its form.
# The path of a file begins in FOLDER; where no such file is there, in the current
# directory.

ceremony: reimport

# connect:
#   region: us-east-1         # left out, the one of the ceremony in FOLDER

# find-key:
#   key: alias/my-first-key   # only without a ceremony: a key id, an ARN or an alias

bring-back:
  expiry: keep                # keep, never, or date:
  # valid-to: 2027-03-01 11:59 UTC   # within 365 days; 90d works too
  # backups:                  # left out, the copies that lie in FOLDER
  #   - my-first-key.key.age  # a backup, or a key file of 32 bytes; one a material
  passphrase-file: backup-passphrase.txt   # opens backups under a passphrase
  # passphrase-2-file: other-passphrase.txt   # where a backup has another one; -3, -4 and so on
  # identity: age-key.txt     # opens backups to recipients
  # proceed: import           # a disabled key is disabled again; or leave-enabled
`;

/** The answers file that `keyferry run --example reimport-wrapped` prints. */
export const reimportWrappedExample = `# Answers for: keyferry run THIS-FILE --practice --workdir FOLDER
# FOLDER is that of the ceremony that made the key. Without one, say the key below.
# Run it twice: it stops at the wrapped file, and goes on once that is there.
# A line that begins with # shows an answer that may be left out, with its form.

ceremony: reimport-wrapped

# connect:
#   region: us-east-1         # left out, the one of the ceremony in FOLDER

# find-key:
#   key: alias/my-first-key   # only without a ceremony: a key id, an ARN or an alias

# wrapping-key:
#   wrapping: RSAES_OAEP_SHA_256 RSA_4096   # left out, as at the first import

wrap:
  # by: me
  file: enc.aes.key           # wrapped where the key is kept

import-wrapped:
  expiry: keep                # keep, never, or date:
  # valid-to: 2027-03-01 11:59 UTC   # within 365 days; 90d works too
  # proceed: import           # a disabled key is disabled again; or leave-enabled
`;
