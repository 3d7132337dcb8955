// Pages: KMS developer guide, "Special considerations for imported key material".

/** The answers file that `keyferry run --example import-existing` prints. */
export const importExistingExample = `# Answers for: keyferry run THIS-FILE --practice --workdir FOLDER
# The KMS key is there already, with the origin EXTERNAL, and waits for its first
# material. Its policy, tags and alias stay as they are.
# A line that begins with # shows an answer that may be left out, with its form.
# The path of a file that holds a secret begins in FOLDER; where no such file is
# there, in the current directory. Without --workdir, FOLDER is keyferry-ALIAS.

ceremony: import-existing

connect:
  # source: practice          # practice, environment, instance-role or profile:NAME
                              # (--practice and --profile NAME say it on the command line)
  region: us-east-1           # the Region of the key

existing-key:
  key: alias/by-others        # a key id, a key ARN or an alias

key-policy:
  # proceed: use              # what the policy means is told in the record
                              # look, with bucket: NAME, only looks at a bucket first
  # With an imported key you are the only backup. AWS cannot give the key back.
  # "I understand the security, availability and durability implications of
  # using an imported key":
  acknowledge: true

secret-key:
  origin: generate            # generate, or file:
  # file: ~/keys/master.key   # 32 raw bytes, or their hex or base64 text
  # convert: decode           # must be said for a file that holds text
  # shared: use               # must be said for a file that others may open
  # origin: elsewhere         # it is wrapped where it is kept, and never comes
                              # here: then no keep, no backup, and wrap by: me
  # keeper: payments HSM      # who keeps it, in your words
  # check-value: 08D7B4       # which the keeper shows; may be left out
  # check-value-method: zero-block   # zero-block or aes-cmac
  keep: memory                # memory, or file: plain_text_aes_key.bin

backup:
  how: passphrase             # passphrase, recipients or none
  passphrase-file: backup-passphrase.txt   # only you may read it: chmod 600.
                              # Where it is missing, practice makes it; on AWS you do
  # recipients: [age1...]     # with how: recipients; made by age-keygen
  # identity: age-key.txt     # proves that it opens; may be left out
  # confirm-none: no backup   # with how: none; typed by a person who keeps a copy elsewhere

wrapping-key:
  wrapping: RSAES_OAEP_SHA_256 RSA_4096

wrap:
  by: keyferry                # keyferry, or me:
  # file: enc.aes.key         # wrapped by yourself, as long as the wrapping key

import:
  expiry: never               # never, or date:
  # valid-to: 2027-03-01 11:59 UTC   # within 365 days; 90d works too
  # without-copy: true        # must be said for a key of which there is no copy

# prove:
#   by: me                    # me, user or later: as in the example of a first import

encrypt-objects:
  where: later                # new, existing or later
  # bucket: my-archive        # with new, left out: a bucket named after the key
  # what: sample              # sample, or files:
  # files:
  #   - ledger-2026.parquet

# finish:                     # only with keep: file
#   plain-key: keep           # keep, or destroy:
#   confirm-destroy: destroy plain key file
`;
