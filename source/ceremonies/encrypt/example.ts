/** The answers file that `keyferry run --example encrypt` prints. */
export const encryptExample = `# Answers for: keyferry run THIS-FILE --practice --workdir FOLDER
# FOLDER is that of the ceremony that brought the key. Without one, say the key below.
# A line that begins with # shows an answer that may be left out, with its form.
# The same without a file: keyferry encrypt FILE... --to s3://BUCKET/PREFIX --key KEY

ceremony: encrypt

# connect:
#   region: us-east-1         # left out, the one of the ceremony in FOLDER

# find-key:
#   key: alias/my-first-key   # only without a ceremony: a key id, an ARN or an alias

encrypt-objects:
  where: existing             # or new: a bucket is made, in the Region of the key
  # bucket: my-archive        # left out, the bucket of the last object of FOLDER
  # accept-object-lock: my-archive   # only where Object Lock keeps objects longer than the key lasts
  prefix: more                # the object is then called more/NAME; may be left out
  what: sample                # or files, and then:
  # files:
  #   - invoice.pdf           # a path begins in the current directory
`;
