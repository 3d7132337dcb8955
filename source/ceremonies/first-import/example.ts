import { declinePhrase } from '../../steps/backup-questions.ts';
import { plainKeyFile } from '../../steps/file-names.ts';
import { choiceOfArticle } from './as-in-the-video.ts';

// Pages: KMS developer guide, "Special considerations for imported key material".

/**
 * The title of an example and the answers in which the two examples differ: `keep` says where the key is kept, `how` how the
 * backup is protected, and `wrapping` how the key is wrapped.
 */
type Choices = { readonly title: string; readonly keep: string; readonly how: string; readonly wrapping: string };

const recommended: Choices = {
  title: 'Answers for: keyferry run THIS-FILE --practice --workdir FOLDER',
  keep: 'memory',
  how: 'passphrase',
  wrapping: 'RSAES_OAEP_SHA_256 RSA_4096',
};

const ofVideo: Choices = {
  title: 'Answers as in the video, for: keyferry run THIS-FILE --practice --workdir FOLDER',
  keep: choiceOfArticle('secret-key', 'keep'),
  how: choiceOfArticle('backup', 'how'),
  wrapping: choiceOfArticle('wrapping-key', 'wrapping'),
};

/** A line of the answers file: an answer and its comment. A line with the answer '' goes on with the comment before it. */
type Line = readonly [answer: string, comment?: string];

/** The lines for a question that can be answered in several ways, by the answer. Each way may need further answers. */
type Alternatives = Readonly<Record<string, readonly Line[]>>;

const keepAlternatives: Alternatives = {
  memory: [['keep: memory', 'leaves no plain key on the disk: the backup has it']],
  file: [['keep: file', `as in the article: ${plainKeyFile}`]],
};

const backupAlternatives: Alternatives = {
  passphrase: [
    ['how: passphrase', 'recommended'],
    ['passphrase-file: backup-passphrase.txt', 'only you may read it: chmod 600.'],
    ['', 'Where it is missing, practice makes it; on AWS you do'],
  ],
  recipients: [
    ['how: recipients'],
    ['recipients: [age1...]', 'made by age-keygen'],
    ['identity: age-key.txt', 'proves that it opens; may be left out'],
  ],
  none: [
    ['how: none', 'with keep: memory, AWS has the only copy then'],
    [`confirm-none: ${declinePhrase}`, 'typed by a person who keeps a copy elsewhere'],
  ],
};

const wrappingAlternatives: Alternatives = {
  [recommended.wrapping]: [[`wrapping: ${recommended.wrapping}`]],
  [ofVideo.wrapping]: [[`wrapping: ${ofVideo.wrapping}`, 'as in the video']],
};

/** Lines are padded to this many characters before the comment, so that all comments stand in one column. */
const widthBeforeComment = 29;

/** Writes the lines of all alternatives, the comments in one column. The whole line of one that is not chosen is a comment. */
function linesOf(alternatives: Alternatives, chosen: string): string {
  return Object.entries(alternatives)
    .flatMap(([alternative, lines]) =>
      lines.map(([answer, comment]) => {
        const line = answer === '' ? '' : `  ${alternative === chosen ? '' : '# '}${answer}`;
        return comment === undefined ? line : `${line.padEnd(widthBeforeComment)} # ${comment}`;
      }),
    )
    .join('\n');
}

/** Writes the section of the step `finish`. The section is a comment when the key is only in memory: the step asks nothing then. */
function finishLines({ keep }: Choices): string {
  return keep === 'file'
    ? `finish:
  plain-key: ${choiceOfArticle('finish', 'plain-key')}             # keep, or destroy:
  # confirm-destroy: destroy plain key file`
    : `# finish:                     # only with keep: file
#   plain-key: keep           # keep, or destroy:
#   confirm-destroy: destroy plain key file`;
}

/** Writes a whole answers file for a first import. */
function exampleOf(choices: Choices): string {
  return `# ${choices.title}
# Each step of the ceremony is a section, each question a line.
# A line that begins with # shows an answer that may be left out, with its form.
# The path of a file that holds a secret begins in FOLDER; where no such file is
# there, in the current directory. Without --workdir, FOLDER is keyferry-ALIAS.

connect:
  # source: practice          # practice, environment, instance-role or profile:NAME
                              # (--practice and --profile NAME say it on the command line)
  region: us-east-1           # the key and its buckets share this Region

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
${linesOf(keepAlternatives, choices.keep)}

describe-key:
  alias: alias/my-first-key
  # move-alias: true          # where another key has the alias: moves it
  description: My first key with imported material
  # tags: [team=payments]     # for the key, and for a bucket that is made
  multi-region: false         # decided for ever; true allows replicas elsewhere
  # With an imported key you are the only backup. AWS cannot give the key back.
  # "I understand the security, availability and durability implications of
  # using an imported key":
  acknowledge: true

backup:
${linesOf(backupAlternatives, choices.how)}

permissions:
  policy: console             # console, or strict: duties apart, use through S3 alone
  # Left out, each of them is the user or role that runs this.
  # administrators:
  #   - arn:aws:iam::111122223333:role/SecurityAdmin
  # importers:                # only with policy: strict; you must be among them
  #   - arn:aws:iam::111122223333:role/KeyImporter
  # users:
  #   - arn:aws:iam::111122223333:role/app-uploader
  administrators-may-delete: false
  # whole-accounts: true      # must be said for the root of another account

# policy:
#   proceed: create           # makes the key: 1 USD a month on AWS, nothing here
#                             # look, with bucket: NAME, only looks at a bucket first
#   despite-missing-permissions: true  # goes on though IAM's test finds some missing
#   unseen-keys: look         # when the answer of CreateKey was lost, and some keys
#                             # may not be looked at: look, or none (none of those
#                             # is the key of this ceremony: make a new one)

wrapping-key:
${linesOf(wrappingAlternatives, choices.wrapping)}

wrap:
  by: keyferry                # keyferry, or me:
  # file: enc.aes.key         # wrapped by yourself, as long as the wrapping key

import:
  expiry: never               # never, or date:
  # valid-to: 2027-03-01 11:59 UTC   # within 365 days; 90d works too
  # without-copy: true        # must be said for a key of which there is no copy

# prove:
#   by: me                    # me; user, whose result is waited for; or later, which
#                             # goes on without. The last two leave the uploads to them
#   result: user-proof.json   # with by: user; what that user brings back

encrypt-objects:
  where: new                  # new, existing or later
  # bucket: my-archive        # left out, a new bucket is named after the key; the
                              # policy of one that exists is looked at before the key is made
  what: sample                # sample, or files:
  # files:
  #   - ledger-2026.parquet

${finishLines(choices)}
`;
}

/** The answers file that `keyferry run --example` prints. With --practice it works unchanged. */
export const recommendedExample = exampleOf(recommended);

/** The answers file that `keyferry run --example --as-in-the-video` prints, with the choices of the article's video. */
export const videoExample = exampleOf(ofVideo);
