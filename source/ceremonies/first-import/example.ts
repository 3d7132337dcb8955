/** The answers file that `keyferry run --example` prints: it works as it stands with --practice. */
export const exampleAnswers = `# Answers for: keyferry run THIS-FILE --practice
# Each step of the ceremony is a section, each question a line.
# A line that begins with # shows an answer that may be left out, with its form.

connect:
  # source: practice          # practice, environment, instance-role or profile:NAME
                              # (--practice and --profile NAME say it on the command line)
  region: us-east-1           # the key and its buckets share this Region

secret-key:
  origin: generate            # generate, or file:
  # file: ~/keys/master.key   # 32 raw bytes, or their hex or base64 text
  # convert: decode           # must be said for a file that holds text
  # shared: use               # must be said for a file that others may open
  keep: file                  # as in the article: plain_text_aes_key.bin. Better is
                              # memory, which leaves no plain key on the disk

describe-key:
  alias: alias/my-first-key
  description: My first key with imported material
  # With an imported key you are the only backup. AWS cannot give the key back.
  # "I understand the security, availability and durability implications of
  # using an imported key":
  acknowledge: true

backup:
  # Better than none, and needed with keep: memory. The first is recommended:
  # how: passphrase
  # passphrase-file: ~/backup-passphrase.txt   # only you may read it: chmod 600
  # how: recipients
  # recipients: [age1...]     # made by age-keygen
  # identity: ~/age-key.txt   # proves that it opens; may be left out
  how: none
  confirm-none: no backup     # typed by a person who keeps a copy elsewhere

permissions:
  # Left out, both are the user or role that runs this.
  # administrators:
  #   - arn:aws:iam::111122223333:role/SecurityAdmin
  # users:
  #   - arn:aws:iam::111122223333:role/app-uploader
  administrators-may-delete: false

# policy:
#   proceed: create           # makes the key: 1 USD a month on AWS, nothing here

wrapping-key:
  wrapping: RSAES_OAEP_SHA_256 RSA_4096
  # as in the video: RSAES_OAEP_SHA_1 RSA_2048

wrap:
  by: keyferry                # keyferry, or me:
  # file: enc.aes.key         # wrapped by yourself, as long as the wrapping key

import:
  expiry: never               # never, or date:
  # valid-to: 2027-03-01 11:59 UTC   # within 365 days; 90d works too

encrypt-objects:
  where: new                  # new, existing or later
  # bucket: my-archive        # left out, a new bucket is named after the key
  what: sample                # sample, or files:
  # files:
  #   - ledger-2026.parquet

finish:
  plain-key: keep             # keep, or destroy:
  # confirm-destroy: destroy alias/my-first-key
`;
