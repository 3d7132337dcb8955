import assert from 'node:assert/strict';
import { isIPv4, isIPv6 } from 'node:net';
import { test } from 'node:test';
import { makeRedaction } from '../../source/terminal/redaction.ts';

const surroundings = { home: '/home/joanna', user: 'joanna', host: 'bastion-7', folders: ['/srv/acme'] };
const key = '8f3c2a10-5f0e-4b51-9a43-1c7d6e2b90aa';

/** Tells of a text whether it has this form. */
const hasForm = (form: RegExp) => (text: string) => form.test(text);

test('the same thing keeps the same stand-in, and another gets another', () => {
  const redact = makeRedaction(surroundings);
  const first = redact(`arn:aws:kms:eu-west-1:123456789012:key/${key}`);
  assert.equal(first, 'arn:aws:kms:eu-west-1:111111111111:key/00000000-0000-0000-0000-00000000001a');
  assert.equal(redact(`Key ${key} created`), 'Key 00000000-0000-0000-0000-00000000001a created');
  assert.equal(redact('account 123456789012 and 210987654321'), 'account 111111111111 and 222222222222');
  assert.equal(redact(first), first);
  // The stand-in of a key is no key: the next one gets the next number.
  redact(`Key ${key.slice(0, -1)}b`);
  assert.deepEqual(['6e2b90aa', '6e2b90ab'].map(redact), ['id-1', 'id-2']);
});

for (const [what, real, isOfForm] of [
  ['account', (count: number) => String(900_000_000_000 + count), hasForm(/^\d{12}$/)],
  ['IPv4 address', (count: number) => `10.0.${count >> 8}.${count % 256}`, isIPv4],
  ['IPv6 address', (count: number) => `2a02::${count.toString(16)}`, isIPv6],
  [
    'key',
    (count: number) => `${key.slice(0, -4)}${String(count).padStart(4, '0')}`,
    hasForm(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
  ],
  ['material', (count: number) => String(count).padStart(64, 'e'), hasForm(/^[0-9a-f]{64}$/)],
] as const)
  test(`each ${what} of many has a stand-in of its own, of the same form`, () => {
    const redact = makeRedaction(surroundings);
    const shown = Array.from({ length: 1300 }, (_, index) => redact(real(index + 1)));
    assert.equal(new Set(shown).size, 1300);
    for (const standIn of shown) {
      assert.equal(redact(standIn), standIn);
      assert.ok(isOfForm(standIn), standIn);
    }
  });

for (const [real, shown] of [
  [
    'arn:aws:sts::123456789012:assumed-role/SecurityAdmin/joanna',
    'arn:aws:sts::111111111111:assumed-role/role-1/person-1',
  ],
  ['arn:aws:iam::123456789012:role/teams/data/lake-admin.', 'arn:aws:iam::111111111111:role/path-1/role-1.'],
  ['Is it arn:aws:iam::123456789012:role/Admin?', 'Is it arn:aws:iam::111111111111:role/role-1?'],
  ['Wait for arn:aws:iam::123456789012:role/Admin...', 'Wait for arn:aws:iam::111111111111:role/role-1...'],
  ['arn:aws:iam::123456789012:root', 'arn:aws:iam::111111111111:root'],
  ['arn:aws:sts::123456789012:assumed-role/Admin/i-0ab', 'arn:aws:sts::111111111111:assumed-role/role-1/session-1'],
  ['arn:aws:iam::123456789012:role/teams/lake-admin', 'arn:aws:iam::111111111111:role/path-1/role-1'],
  ['arn:aws:iam::123456789012:policy/ReadAll', 'arn:aws:iam::111111111111:policy/policy-1'],
  ['arn:aws:kms:us-east-1:123456789012:alias/pay', 'arn:aws:kms:us-east-1:111111111111:alias/alias-1'],
  ['arn:aws:s3:::archive/in/plans.pdf', 'arn:aws:s3:::name-1/path-1/name-2'],
  [`mrk-${'b'.repeat(32)}`, `mrk-${'1'.padStart(31, 'f')}a`],
  ['/teams/payments/', '/path-1/'],
  ['saved in /mnt/keys/', 'saved in /mnt/keys/'],
  ['/mnt/keys/record.md', '/mnt/keys/record.md'],
  ['arn:aws:s3:::key', 'arn:aws:s3:::key'],
  ['arn:aws-us-gov:s3:::payments-archive', 'arn:aws-us-gov:s3:::name-1'],
  ['alias/payments-2026 points to it', 'alias/alias-1 points to it'],
  ['alias/aws/s3', 'alias/aws/s3'],
  ['in s3://payments-archive, read back', 'in s3://bucket-1, read back'],
  ['/home/joanna/keys/master.key on bastion-7', '~/keys/master.key on host-1'],
  ['mail ops@example.org', 'mail mail-1@example.com'],
  [
    'https://vpce-0a1b2c-xyz.kms.us-east-1.vpce.amazonaws.com at 10.1.2.3',
    'https://vpce-1.kms.us-east-1.vpce.amazonaws.com at 192.0.2.1',
  ],
  ['2a02:1210:54ab::12 and ::1', '2001:db8::1 and ::1'],
  ['2A02:1210:54AB::12', '2001:db8::1'],
  ['http://127.0.0.1:39375 until 2026-11-25 14:08:03 UTC', 'http://127.0.0.1:39375 until 2026-11-25 14:08:03 UTC'],
  ['ASIAKEYFERRYPRACTICE', 'ASIA................'],
  ['AROAEXAMPLE123456789:joanna and AIDAEXAMPLE123456789', 'AROA................:person-1 and AIDA................'],
  ['acct_123456789012 is 1234-5678-9012', 'acct_111111111111 is 1111-1111-1111'],
  [`key_${key}_1.json`, 'key_00000000-0000-0000-0000-00000000001a_1.json'],
  ['key 8f3c2a10-5f0e-4b51-9a43-123456789012', 'key 00000000-0000-0000-0000-00000000001a'],
  [`material ${'c'.repeat(64)}, cccccccc`, `material ${'1'.padStart(64, 'f')}, id-1`],
  ['see https://kms.corp.test:8443/x, kms.corp.test', 'see https://host-2:8443/x, host-2'],
  ['https://kms.us-east-1.amazonaws.com.evil.test', 'https://host-2'],
  ['HTTPS://KMS.Corp.test:8443/x', 'HTTPS://host-2:8443/x'],
  ['https://vm:8443/x', 'https://host-2:8443/x'],
  ['saved in /srv/acme/keyferry-new/journal.jsonl', 'saved in /folder-1/keyferry-new/journal.jsonl'],
  ['keyferry --workdir ~/keys', 'keyferry --workdir ~/keys'],
  ["keyferry --workdir 'keyferry-my keys'", "keyferry --workdir 'keyferry-my keys'"],
  ['keyferry --workdir acme-keys', 'keyferry --workdir workdir-1'],
  ["keyferry --workdir 'acme corp' --region r", 'keyferry --workdir workdir-1 --region r'],
  [String.raw`keyferry --workdir 'it'\''s acme'`, 'keyferry --workdir workdir-1'],
] as const)
  test(`${real} is shown as ${shown}`, () => assert.equal(makeRedaction(surroundings)(real), shown));

test('names that passed in an ARN are hidden where they stand alone, and short words are not', () => {
  const redact = makeRedaction(surroundings);
  redact('arn:aws:sts::123456789012:assumed-role/SecurityAdmin/you');
  redact('arn:aws:iam::123456789012:user/eve');
  assert.equal(redact('role  SecurityAdmin'), 'role  role-1');
  assert.equal(redact('used by user eve, SecurityAdmins'), 'used by user user-1, SecurityAdmins');
  assert.equal(redact('Can you use it every evening?'), 'Can you use it every evening?');
});

test('a name is learned without the full stop or question mark of its sentence', () => {
  const redact = makeRedaction(surroundings);
  redact('Is it arn:aws:iam::123456789012:role/SecurityAdmin?');
  assert.equal(redact('SecurityAdmin may'), 'role-1 may');
});

test('a name of four characters is hidden anywhere, but not inside of a word or a number', () => {
  const redact = makeRedaction({ home: '/home/joan', user: 'joan', host: 'gate' });
  assert.equal(redact('joan on gate'), 'person-1 on host-1');
  redact('arn:aws:iam::123456789012:role/prod');
  assert.equal(
    redact('(prod) prod2 2prod aprod, joan may use prod'),
    '(role-1) prod2 2prod aprod, person-1 may use role-1',
  );
});

test('after the words role, user and group a name is hidden however short it is, and nowhere else', () => {
  const redact = makeRedaction(surroundings);
  for (const resource of ['role/x', 'role/yz', 'role/ops', 'user/eve', 'group/a-b'])
    redact(`arn:aws:iam::123456789012:${resource}`);
  for (const [text, shown] of [
    ['role x and role/yz', 'role role-1 and role/role-2'],
    ['user x, role  ops and role/ops', 'user role-1, role  role-3 and role/role-3'],
    ['user/eve, group  a-b', 'user/user-1, group  group-1'],
    ['in the group a-b', 'in the group group-1'],
    ['role            x', 'role            role-1'],
    ['user // eve', 'user // user-1'],
    ['ops, x, yz, eve, a-b', 'ops, x, yz, eve, a-b'],
    ['the role of x', 'the role of x'],
    ['role xy, role x2, user eve4', 'role xy, role x2, user eve4'],
  ] as const)
    assert.equal(redact(text), shown);
});

test('of two names that begin or end alike, the longer one counts and is replaced once, and no longer word is cut', () => {
  const redact = makeRedaction(surroundings);
  for (const name of ['team-lake-admin', 'lake-admin', 'SecurityAdmin', 'SecurityAdmin-2'])
    redact(`arn:aws:iam::123456789012:role/${name}`);
  assert.equal(redact('team-lake-admin, lake-admin.'), 'role-1, role-2.');
  assert.equal(redact('SecurityAdmin-2, SecurityAdmin, MySecurityAdmin'), 'role-4, role-3, MySecurityAdmin');
});

test('a name that was a path before is hidden where it stands alone; a path alone is not', () => {
  const redact = makeRedaction(surroundings);
  redact('arn:aws:iam::123456789012:role/payments/deploy');
  assert.equal(redact('payments are due'), 'payments are due');
  assert.equal(redact('arn:aws:iam::123456789012:user/payments'), 'arn:aws:iam::111111111111:user/path-1');
  assert.equal(redact('as user payments'), 'as user path-1');
  assert.equal(redact('as user path-1, role role-1'), 'as user path-1, role role-1');
});

test('the path of a user or a role is hidden wherever it stands later', () => {
  const redact = makeRedaction(surroundings);
  redact('/teams/payments/');
  assert.equal(redact('in the path teams/payments'), 'in the path path-1');
});

test('the unique ids of IAM keep what kind they are, and nothing else', () => {
  const redact = makeRedaction(surroundings);
  for (const kind of 'ABIA ACCA AGPA AIDA AIPA AKIA ANPA ANVA APKA AROA ASCA ASIA'.split(' '))
    assert.equal(redact(`${kind}EXAMPLE123456789`), `${kind}................`);
});

test('what names nobody stays: short user names, root, this machine and the root of the disk', () => {
  const plain = makeRedaction({ home: '/', user: 'me', host: 'localhost', folders: ['/'] });
  for (const text of ['used by user me', 'at localhost in /srv/keys', 'as root']) assert.equal(plain(text), text);
  const redact = makeRedaction({ ...surroundings, host: 'h1', folders: ['/home/joanna/keys', '/'] });
  assert.equal(redact('/home/joanna/keys on h1'), '~/keys on h1');
  assert.equal(redact('user / group'), 'user / group');
  assert.equal(redact('user h1'), 'user h1');
  const asRoot = makeRedaction({ ...surroundings, home: '/root', user: 'root' });
  assert.equal(asRoot('root in /root/keys'), 'root in ~/keys');
});

test('no stand-in holds the account of practice AWS', () => {
  const redact = makeRedaction(surroundings);
  for (const real of ['a'.repeat(64), `mrk-${'b'.repeat(32)}`, key, '000000000000'])
    assert.doesNotMatch(redact(real), /0{12}/, real);
});

test('the short name of a material has the next number also after a text that was redacted before', () => {
  const redact = makeRedaction(surroundings);
  const first = redact('a'.repeat(64));
  assert.equal(redact(first), first);
  redact('b'.repeat(64));
  assert.deepEqual(['a'.repeat(8), 'b'.repeat(8)].map(redact), ['id-1', 'id-2']);
});

test('a folder beside the home folder is hidden whole, also one whose name begins as that of the home folder', () => {
  const folders = ['/home/joanna-acme', '/home/joanna2026', '/home/joanna', '/srv/acme'];
  const redact = makeRedaction({ ...surroundings, folders });
  assert.equal(redact('saved in /home/joanna-acme/keys'), 'saved in /folder-1/keys');
  assert.equal(redact('/home/joanna2026, /home/joanna/k, /srv/acme'), '/folder-2, ~/k, /folder-3');
});

test("a ceremony's folder and its suggested bucket do not give the alias or the key away", () => {
  const redact = makeRedaction(surroundings);
  redact(`arn:aws:kms:eu-west-1:123456789012:key/${key}`);
  assert.equal(redact('alias/app/prod'), 'alias/alias-1');
  assert.equal(redact('keyferry-app-prod/record.md'), 'keyferry-alias-1/record.md');
  assert.equal(redact('keyferry-app-prod-6e2b90aa'), 'keyferry-alias-1-id-1');
  assert.equal(redact('alias/web:test'), 'alias/alias-2');
  assert.equal(redact('keyferry-web-test/record.md'), 'keyferry-alias-2/record.md');
  redact('alias/web//demo');
  assert.equal(redact('keyferry-web-demo'), 'keyferry-alias-3');
});

test('a name or folder keeps the stand-in that it got first, also when another alias is written like it', () => {
  const redact = makeRedaction(surroundings);
  redact('arn:aws:iam::123456789012:role/web-test');
  redact('alias/web//test');
  assert.equal(redact('web-test'), 'role-1');
  assert.equal(redact('alias/app/prod and alias/app-prod'), 'alias/alias-2 and alias/alias-3');
  assert.equal(redact('keyferry-app-prod/record.md'), 'keyferry-alias-2/record.md');
});

test("an endpoint and a proxy of one's own are hidden, AWS's own and this machine are not", () => {
  const redact = makeRedaction(surroundings);
  assert.equal(
    redact('as user alice at https://kms.corp.test (KMS), https://s3.corp.test:8443 (S3)'),
    'as user alice at https://host-2 (KMS), https://host-3:8443 (S3)',
  );
  assert.equal(redact('through the proxy proxy.corp.test:3128 does not'), 'through the proxy host-4:3128 does not');
  assert.equal(redact('--endpoint-url https://kms.corp.test'), '--endpoint-url https://host-2');
  for (const text of [
    'STS at sts.us-east-1.amazonaws.com does not',
    'at https://kms.us-east-1.amazonaws.com',
    'at https://kms.us-east-1.api.aws',
    'at http://127.0.0.1:4599',
    'at http://localhost:4599',
    'at http://0.0.0.0:4599',
    'see https://github.com/FiloSottile/age',
    'see https://youtu.be/abc',
    'see https://age-encryption.org/v1',
    'see https://docs.aws.amazon.com/kms/',
  ])
    assert.equal(redact(text), text);
});

test('a long word takes no longer than its length, and many names no longer than one', () => {
  const redact = makeRedaction(surroundings);
  const word = 'a'.repeat(2_000_000);
  assert.equal(redact(word), word);
  const names = Array.from({ length: 20_000 }, (_, index) => `alias/payments-${index}`).join(' ');
  redact(names);
  // With a search for each name, or from each character, this would take minutes.
  assert.match(redact(`${'x y '.repeat(500_000)} payments-19999`), /alias-20000$/);
});
