import assert from 'node:assert/strict';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ProblemError } from '../../source/ceremony/problem.ts';
import {
  type ChoiceQuestion,
  given,
  type ManyQuestion,
  type Option,
  type Question,
} from '../../source/ceremony/question.ts';
import { SecretText } from '../../source/ceremony/secret-text.ts';
import { StoppedByPerson } from '../../source/ui/reply.ts';
import { askedByLines } from './line-by-line.ts';
import { watchSecretTexts } from './secret-texts.ts';

const base = { id: 'a', ask: 'Which one?', label: 'Thing', form: 'a thing' } as const;
const long = `echo ${'x'.repeat(20)} ${'y'.repeat(30)}`;
const options: readonly Option[] = [
  { value: 'gone', label: 'Gone', disabled: 'it is deleted' },
  { value: 'id-7', label: 'Right   here', hint: 'recommended' },
  { value: 'there', label: 'There' },
  { value: 'look', label: 'Look', leads: { action: 'panel', panel: { title: 'The page', lines: [long] } } },
  { value: 'else', label: 'Elsewhere', leads: { action: 'reopen', step: 'connect', label: 'Elsewhere' } },
];
const choice: ChoiceQuestion = { ...base, kind: 'choice', options, default: 'there' };
const answer = (value: unknown) => ({ kind: 'answer', answer: value });

/** Options that are read at once. */
const rows = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ value: `v${at + 1}`, label: `row ${at + 1}` }));

/** A list of three pages. */
const longList: ChoiceQuestion = { ...choice, options: rows(23), default: 'v1' };

/** Options that come in pages of one. */
const paged = (count: number) =>
  async function* () {
    for (let index = 1; index <= count; index += 1) yield [{ value: `k${index}`, label: `key-${index}` }];
  };

test('an option is chosen by its number, its value or its label; Enter takes what was chosen before', async () => {
  for (const [line, value, draft] of [
    ['2', 'id-7'],
    ['id-7', 'id-7'],
    [' 2 ', 'id-7'],
    ['right HERE', 'id-7'],
    ['', 'there'],
    ['', 'id-7', 'id-7'],
  ] as const) {
    const { reply, written } = await askedByLines(choice, [['', line]], draft === undefined ? {} : { draft });
    assert.deepEqual(reply, answer(value), line);
    assert.match(written, / 1\. Gone \(cannot be chosen: it is deleted\)\n {2}2\. Right here \(recommended\)\n/);
    assert.match(written, draft === undefined ? /Number, Enter for 3:/ : /Number, Enter for 2:/);
  }
});

test('an option that cannot be chosen is never what Enter alone gives, also where it was chosen before', async () => {
  const { reply, written } = await askedByLines(
    choice,
    [
      ['Number:', ''],
      ['x Type the number of one.', 'gone'],
      ['x Gone cannot be chosen: it is deleted.', '2'],
    ],
    { draft: 'gone' },
  );
  assert.deepEqual(reply, answer('id-7'), written);
});

test('the commands at a list are those of what Enter alone gives; where it gives nothing, of no answer', async () => {
  for (const [line, of] of [
    [':commands', 'there'],
    ['c', 'there'],
    [' c ', 'there'],
  ] as const) {
    const { commandsFor } = await askedByLines(choice, [
      ['Number', line],
      ['', ''],
    ]);
    assert.deepEqual(commandsFor, [of], line);
  }
  const empty = { ...choice, options: paged(0), check: () => undefined };
  const { commandsFor, reply } = await askedByLines(empty, [
    ['Thing:', 'c'],
    ['', 'mine'],
  ]);
  assert.deepEqual([commandsFor, reply], [[''], answer('mine')]);
  const phrase = { ...base, kind: 'phrase', phrase: 'delete it', decline: 'keep it' } as const;
  for (const [question, value] of [
    [{ ...many, default: ['c'] }, ['c']],
    [phrase, 'keep it'],
  ] as const)
    assert.deepEqual((await askedByLines(question, [['', ':commands']])).commandsFor, [value]);
});

test('a path that is typed into a list has the home folder for its ~, also for the check of the list', async () => {
  const path = join(homedir(), 'a.bin');
  const checked: string[] = [];
  const paths: ManyQuestion = {
    ...many,
    complete: (text) => ({ text, names: [] }),
    check: (value) => {
      checked.push(value);
      return undefined;
    },
  };
  const { reply } = await askedByLines(paths, [
    ['Numbers', '~/a.bin'],
    [`Chosen: ${path}.`, ''],
  ]);
  assert.deepEqual([reply, checked[0]], [answer([path]), path]);
});

test('a letter that shows commands in a list is an answer where letters are answers', async () => {
  assert.deepEqual((await askedByLines({ ...base, kind: 'file' }, [['', 'c']])).reply, answer('c'));
  const { reply } = await askedByLines(many, [
    ['', 'c'],
    ['Chosen: user Carol.', ''],
  ]);
  assert.deepEqual(reply, answer(['c']));
  const phrase = { ...base, kind: 'phrase', phrase: 'c', decline: 'keep it' } as const;
  assert.deepEqual((await askedByLines(phrase, [['', 'c']])).reply, answer('c'));
});

test('a name that begins with a digit is a name', async () => {
  const { reply } = await askedByLines({ ...choice, options: paged(1), check: () => undefined }, [
    ['Number', '2nd-key'],
  ]);
  assert.deepEqual(reply, answer('2nd-key'));
  const { reply: chosen } = await askedByLines(many, [
    ['Numbers', '1x'],
    ['x An ARN begins with arn:.', ' 1 '],
    ['Chosen: role Admin.', 'arn:x1'],
    ['Chosen: role Admin, arn:x1.', ''],
  ]);
  assert.deepEqual(chosen, answer(['a', 'arn:x1']));
});

test('a row that cannot be chosen is named without the spaces of its columns', async () => {
  const aligned = [{ value: 'gone', label: 'key   gone', disabled: 'it is deleted' }, ...options];
  await askedByLines({ ...choice, options: aligned }, [
    ['Number', '1'],
    ['x key gone cannot be chosen: it is deleted.', '3'],
  ]);
});

test('rows are ticked all at once only where there are several, and ten rows are one page', async () => {
  const { typed: _, check: __, ...closed } = many;
  for (const [count, words] of [
    [1, /such as: 1 3\. Text filters\.\n/],
    [2, /such as: 1 3\. Type "tick all" or "tick none" for all rows\. Text filters\.\n/],
    [10, /such as: 1 3\. Type "tick all" or "tick none" for all rows\. Text filters\.\n/],
  ] as const) {
    const { written } = await askedByLines({ ...closed, options: rows(count) }, [['Numbers', '']]);
    assert.match(written, words);
    assert.doesNotMatch(written, /in all/);
  }
  const { reply } = await askedByLines({ ...closed, typed: 'ARN', options: rows(11) }, [
    ['Text filters, or adds the ARN.\n', 'more'],
    ['  11. [ ] row 11\nNumbers', '11'],
    ['Chosen: row 11.', ''],
  ]);
  assert.deepEqual(reply, answer(['v11']));
});

test('where a text matches no row, the numbers stay those of the rows before', async () => {
  const { reply } = await askedByLines(longList, [
    ['  1. row 1\n', 'W 2'],
    ['Only those', 'no such row'],
    ['x Nothing here is called no such row.', '5'],
  ]);
  assert.deepEqual(reply, answer('v23'));
});

test('of what a check finds, a list takes the right values, and any other question only the sentence', async () => {
  const found: (string | { readonly says: string; readonly instead: readonly string[] } | undefined)[] = [
    { says: 'It is b.', instead: ['b'] },
    undefined,
  ];
  const verify = async () => found.shift();
  const { reply, written } = await askedByLines({ ...base, kind: 'text', verify }, [
    ['', 'a'],
    ['x It is b.\n', 'a'],
  ]);
  assert.deepEqual(reply, answer('a'));
  assert.doesNotMatch(written, /right one/);
  found.push('It is gone.', undefined);
  const { reply: kept } = await askedByLines(
    { ...many, verify },
    [
      ['', ''],
      ['x It is gone.\n', ''],
    ],
    { draft: ['c'] },
  );
  assert.deepEqual(kept, answer(['c']));
});

test('an option shows its page in whole lines, or leads elsewhere', async () => {
  const { reply, written } = await askedByLines(
    choice,
    [
      ['Number', 'look'],
      ['The page', '5'],
    ],
    { columns: 40 },
  );
  assert.deepEqual(reply, { kind: 'lead', lead: options[4]?.leads });
  assert.ok(written.includes(`\nThe page\n${long}\n`), written);
});

test('an option that needs a tick is chosen with yes alone, any other without a tick', async () => {
  const ticked: ChoiceQuestion = { ...choice, tick: { ask: 'I have read it.', before: 'there' } };
  const { reply } = await askedByLines(ticked, [
    ['Number', 'there'],
    ['I have read it.\nType yes to tick it:', ''],
    ['Nothing goes on without the tick.', 'there'],
    ['Type yes to tick it:', 'n'],
    ['Nothing goes on without the tick.', 'there'],
    ['Type yes to tick it:', ' YES '],
  ]);
  assert.deepEqual(reply, answer('there'));
  assert.deepEqual((await askedByLines(ticked, [['Number', '2']])).reply, answer('id-7'));
});

test('a long list turns page by page, and is filtered as it was while a text matches nothing', async () => {
  const { reply } = await askedByLines(longList, [
    ['  10. row 10\n  23 in all. Type more for the next ones', 'more'],
    ['  11. row 11\n', '12'],
  ]);
  assert.deepEqual(reply, answer('v12'));
  const turned = await askedByLines(longList, [
    ['  1. row 1\n', 'more'],
    ['  20. row 20\n  23 in all.', 'more'],
    ['  23. row 23\nNumber', 'more'],
    ['That was the end of the list; here it is from the beginning.\n  1. row 1\n', 'W 2'],
    [
      '  1. row 2\n  2. row 20\n  3. row 21\n  4. row 22\n  5. row 23\n  Only those with "W 2". Type all for the others too.',
      'more',
    ],
    ['here it is from the beginning.\n  1. row 2\n', 'no such row'],
    ['x Nothing here is called no such row.', '9'],
    ['x Nothing here is called 9.', 'all'],
    ['  1. row 1\n', 'W 2'],
    ['Only those', '5'],
  ]);
  assert.deepEqual(turned.reply, answer('v23'));
});

test('a list that comes in pages is read as far as it is shown, and says that there are more', async () => {
  const { reply, written } = await askedByLines({ ...choice, options: paged(25), default: 'k2' }, [
    ['  10. key-10\n  11 or more in all.', 'key-14'],
    ['  1. key-14\n  Only those with', '1'],
  ]);
  assert.deepEqual(reply, answer('k14'));
  assert.match(written, /Number, Enter for 2:/);
});

test('a row of a list that comes in pages cannot be chosen either where it says so', async () => {
  const pages = async function* () {
    yield options.slice(0, 2);
  };
  const { reply } = await askedByLines({ ...choice, options: pages, default: 'id-7' }, [
    ['Number, Enter for 2:', '1'],
    ['x Gone cannot be chosen: it is deleted.', ''],
  ]);
  assert.deepEqual(reply, answer('id-7'));
});

test('a name that no list shows is taken where it can be checked, and a number never is', async () => {
  const check = (text: string) => (text === 'mine' ? undefined : 'There is no such thing.');
  const { reply } = await askedByLines({ ...choice, options: paged(1), check }, [
    ['Number', '7'],
    ['x Nothing here is called 7.', 'other'],
    ['x There is no such thing.', 'mine'],
  ]);
  assert.deepEqual(reply, answer('mine'));
  const refused = async function* (): AsyncGenerator<readonly Option[]> {
    yield [];
    throw Object.assign(new Error('User: arn:aws:iam::111122223333:user/me'), { name: 'AccessDenied' });
  };
  const { reply: typed, written } = await askedByLines({ ...choice, options: refused, check }, [
    ['! The list cannot be read: AccessDenied.\nThing:', 'mine'],
  ]);
  assert.deepEqual(typed, answer('mine'));
  assert.doesNotMatch(written, /nothing to choose/);
});

test('Enter gives the answer that the prompt names, and a sentence to tick is never ticked beforehand', async () => {
  const confirm = { ...base, kind: 'confirm', default: true } as const;
  assert.deepEqual((await askedByLines(confirm, [['Enter for yes:', '']])).reply, answer(true));
  assert.deepEqual((await askedByLines(confirm, [['Enter for no:', '']], { draft: false })).reply, answer(false));
  assert.deepEqual((await askedByLines(confirm, [['yes or no', ' No ']])).reply, answer(false));
  assert.deepEqual((await askedByLines(confirm, [['yes or no', 'n']])).reply, answer(false));
  const mustTick = { ...confirm, mustTick: true };
  const { reply } = await askedByLines(
    mustTick,
    [
      ['Type yes to tick it:', ''],
      ['Nothing goes on without the tick.', 'no'],
      ['Nothing goes on without the tick.', 'yes'],
    ],
    { draft: true },
  );
  assert.deepEqual(reply, answer(true));
  assert.deepEqual((await askedByLines(mustTick, [['Type yes', 'c']], { draft: true })).commandsFor, [false]);
});

test('what was typed behind a refused line is left out, and answers nothing', async () => {
  const { reply } = await askedByLines({ ...base, kind: 'confirm' }, [
    ['yes or no', 'perhaps\nyes'],
    ['x Type yes or no.\n! A line typed ahead of this was left out.', 'no'],
  ]);
  assert.deepEqual(reply, answer(false));
});

const many: ManyQuestion = {
  ...base,
  kind: 'many',
  least: 0,
  typed: 'ARN',
  check: (value) => (/^arn:|^[a-d]$/.test(value) ? undefined : 'An ARN begins with arn:.'),
  options: [
    { value: 'a', label: 'role  Admin' },
    { value: 'b', label: 'role  Audit', disabled: 'it is deleted' },
    { value: 'c', label: 'user  Carol' },
    { value: 'd', label: 'user  Dora' },
  ],
};

test('numbers tick and untick rows; a row that cannot be chosen, and a number that no row has, change nothing', async () => {
  const { reply, written } = await askedByLines(many, [
    ['1. [ ] role Admin', '1, 3'],
    ['Chosen: role Admin, user Carol.', '1 2'],
    ['x role  Audit cannot be chosen: it is deleted.', '1 9'],
    ['x There is no such number.', '1'],
    ['Chosen: user Carol.', ':again'],
    ['3. [x] user Carol', ''],
  ]);
  assert.deepEqual(reply, answer(['c']), written);
  assert.equal(written.match(/Numbers tick and untick/g)?.length, 1);
  assert.match(written, /4\. \[ \] user Dora\nChosen/);
});

test('what was chosen before comes back, and a typed value is chosen once', async () => {
  const { reply } = await askedByLines(
    many,
    [
      [
        '1. [x] user Carol\n  2. [ ] role Admin\n  3. [ ] role Audit (cannot be chosen: it is deleted)\n  4. [ ] user Dora\nChosen',
        'arn:x',
      ],
      ['Chosen: user Carol, arn:x.', ' arn:x '],
      ['Chosen: user Carol, arn:x.', 'admin'],
      ['  1. [ ] role Admin\n  Only those with "admin".', 'tick all'],
      ['Chosen: user Carol, arn:x, role Admin.', 'all'],
      ['3. [ ] role Audit', 'nobody'],
      ['x An ARN begins with arn:.', ''],
    ],
    { draft: ['c'] },
  );
  assert.deepEqual(reply, answer(['c', 'arn:x', 'a']));
});

test('what is chosen is shown as the question shows it, with what it comes to; a count that fails says nothing', async () => {
  const tally = async (chosen: readonly string[]) => {
    if (chosen.length > 1) throw new Error('EIO');
    return `${chosen.length} counted.`;
  };
  const { reply, written } = await askedByLines({ ...many, tally, shown: (text) => text.toUpperCase() }, [
    ['Chosen: none.\n', '1'],
    ['Chosen: ROLE ADMIN.\n1 counted.\n', '3'],
    ['Chosen: ROLE ADMIN, USER CAROL.\nNumbers', ''],
  ]);
  assert.deepEqual(reply, answer(['a', 'c']));
  assert.doesNotMatch(written, /0 counted/);
});

test('rows of a list that comes in pages are never ticked all at once', async () => {
  const { typed: _, check: __, ...closed } = many;
  const { reply, written } = await askedByLines({ ...closed, options: paged(3) }, [
    ['Numbers', 'tick all'],
    ['x Nothing here is called tick all.', ''],
  ]);
  assert.deepEqual(reply, answer([]));
  assert.doesNotMatch(written, /"tick all"/);
});

test('an empty list says where it looked and what can be typed, as far as the question tells', async () => {
  const { typed: _, check: __, ...closed } = many;
  for (const [more, words] of [
    [{}, 'There is nothing to choose from.'],
    [{ looksIn: 'this folder' }, 'There is nothing to choose in this folder.'],
    [{ typed: 'ARN' }, 'You can type: ARN.'],
    [{ looksIn: 'IAM', typed: 'ARN' }, 'There is nothing to choose in IAM. You can type: ARN.'],
  ] as const) {
    const { written } = await askedByLines({ ...closed, options: [], ...more }, [['Numbers', '']]);
    assert.ok(written.includes(`\n  ${words}\n`), written);
  }
});

test('a phrase is taken as it is typed but for the spaces around it, and Enter alone declines', async () => {
  const phrase = { ...base, kind: 'phrase', phrase: 'delete it', decline: 'keep it' } as const;
  const { reply } = await askedByLines(phrase, [
    ['Enter alone for keep it:', 'delete'],
    ['x Type exactly: delete it', '  delete it '],
  ]);
  assert.deepEqual(reply, answer('delete it'));
  assert.deepEqual((await askedByLines(phrase, [['', ' ']])).reply, answer('keep it'));
});

test('a phrase that was typed before it was asked for agrees to nothing', async () => {
  const phrase = { ...base, kind: 'phrase', phrase: 'delete it', decline: 'keep it' } as const;
  const { reply, written } = await askedByLines(phrase, [['Enter alone', '']], { ahead: 'delete it\n' });
  assert.deepEqual(reply, answer('keep it'));
  assert.match(written, /^! A line typed ahead of this was left out\.\n/);
});

test('what a question says of a text is said once it is taken, and only where it says more than the text', async () => {
  const said = async (notice: (typed: string) => string | undefined) => {
    const results = ['It is taken.', undefined];
    const verify = async () => results.shift();
    const { written } = await askedByLines({ ...base, kind: 'text', verify, notice }, [
      ['Thing:', 'a'],
      ['x It is taken.', 'a'],
    ]);
    return written.match(/= .*/g);
  };
  assert.deepEqual(await said(() => 'That is A.'), ['= That is A.']);
  for (const nothing of ['', 'a', undefined]) assert.equal(await said(() => nothing), null);
});

test('without a text in brackets, the commands are those of an empty text', async () => {
  const { commandsFor, written } = await askedByLines({ ...base, kind: 'text' }, [
    ['Thing:', ':commands'],
    ['', 'a'],
  ]);
  assert.deepEqual(commandsFor, ['']);
  assert.doesNotMatch(written, /such as/);
});

test('a text is taken without the spaces around it, and Enter alone takes the path that a question offers', async () => {
  assert.deepEqual((await askedByLines({ ...base, kind: 'text' }, [['', '  a b ']])).reply, answer('a b'));
  const file = { ...base, kind: 'file', default: 'k.bin' } as const;
  assert.deepEqual((await askedByLines(file, [['Thing [k.bin]:', '']])).reply, answer('k.bin'));
});

test('a text begins with what was typed before, and two quotes empty it', async () => {
  const text = { ...base, kind: 'text', default: 'mine', offer: 'offered', placeholder: 'yours' } as const;
  assert.deepEqual((await askedByLines(text, [['Thing [offered]:', ' ']])).reply, answer('offered'));
  assert.deepEqual((await askedByLines(text, [['Thing [before]:', '']], { draft: 'before' })).reply, answer('before'));
  assert.deepEqual((await askedByLines(text, [['Thing, such as yours:', ' "" ']], { draft: '' })).reply, answer(''));
  assert.deepEqual((await askedByLines(text, [['Thing', '""']])).reply, answer(''));
  const shown = { ...text, shown: () => 'stand-in', notice: (typed: string) => (typed === 'x' ? 'That is X.' : typed) };
  const { reply, written } = await askedByLines(shown, [['Thing [stand-in]:', 'x']]);
  assert.deepEqual(reply, answer('x'));
  assert.match(written, /= That is X\.\n$/);
  assert.doesNotMatch((await askedByLines(shown, [['Thing', 'y']])).written, /= /);
});

test('commands work at each question, and a line that begins with : is written with two', async () => {
  const text = { ...base, kind: 'text', title: 'The title', help: 'One.\nTwo.', default: 'mine' } as const;
  const table = { head: [], rows: [['a name', 'a text']] };
  const { reply, written, commandsFor, whys } = await askedByLines({ ...text, table }, [
    ['The title\n\nWhich one?\n', ':nothing'],
    ['x :nothing means nothing here.', '<'],
    ['x There is nothing before this to go back to.', ':commands'],
    ['', ':why'],
    ['', 'c'],
  ]);
  assert.deepEqual([reply, commandsFor, whys], [answer('c'), ['mine'], 1]);
  assert.match(written, /a name.*a text.*\nOne\.\nTwo\.\n/);
  assert.deepEqual((await askedByLines(text, [['', '::it']])).reply, answer(':it'));
  for (const line of ['<', ':back'])
    assert.deepEqual((await askedByLines(text, [['', line]], { back: 'step' })).reply, { kind: 'back', typed: 'mine' });
});

test('a stop that would lose a key is done the second time', async () => {
  let stops = 0;
  const onStop = () => {
    stops += 1;
    return stops > 1;
  };
  const text = { ...base, kind: 'text' } as const;
  const { reply } = await askedByLines(
    text,
    [
      ['', ':stop'],
      ['', ':stop'],
    ],
    { onStop },
  );
  assert.ok(reply instanceof StoppedByPerson);
  const secret = { ...base, kind: 'secret', keep: () => {} } as const;
  const { reply: typed, isEchoed } = await askedByLines(
    secret,
    [
      ['', 'half\u0003'],
      ['', '\u0003'],
    ],
    {
      onStop: () => {
        stops += 1;
        return stops > 3;
      },
    },
  );
  assert.ok(typed instanceof StoppedByPerson);
  assert.deepEqual([isEchoed, stops], [true, 4]);
});

test('a check that fails is told, and a refused answer is asked for again', async () => {
  let tries = 0;
  const verify = async () => {
    tries += 1;
    if (tries === 1) throw new Error('no connection');
    return tries === 2 ? 'It is taken.' : undefined;
  };
  const text: Question = {
    ...base,
    kind: 'text',
    check: (typed) => (typed === '' ? 'It is empty.' : undefined),
    verify,
  };
  const { reply } = await askedByLines(text, [
    ['', ''],
    ['x It is empty.', 'x'],
    ['x This cannot be checked now. no connection', 'x'],
    ['x It is taken.', 'x'],
  ]);
  assert.deepEqual([reply, tries], [answer('x'), 3]);
});

test('of a problem that a check meets, what, why and the first advice are told', async () => {
  const problem = {
    kind: 'fixable',
    what: "Can't look.",
    why: 'It is locked.',
    code: 'AccessDenied',
    state: 'Nothing was changed.',
    next: ['Unlock it.', 'Ask.'],
    requestId: 'r-1',
  } as const;
  const failures: unknown[] = [new ProblemError(problem), 'EIO'];
  const verify = async () => {
    if (failures.length > 0) throw failures.shift();
    return undefined;
  };
  const { reply, written } = await askedByLines({ ...base, kind: 'text', verify }, [
    ['', 'a'],
    ["x Can't look. It is locked. Unlock it.\n", 'b'],
    ['x This cannot be checked now. EIO\n', 'c'],
  ]);
  assert.deepEqual(reply, answer('c'));
  assert.doesNotMatch(written, /AccessDenied|Nothing was changed|Ask\.|r-1/);
});

test('the end of the input is a problem that names the question', async () => {
  for (const kind of ['text', 'secret'] as const) {
    const { reply, written } = await askedByLines({ ...base, kind, keep: () => {} }, []);
    assert.ok(reply instanceof ProblemError);
    assert.equal(reply.problem.what, 'Standard input ended before this was answered: Which one?');
    assert.equal(reply.problem.kind, 'fixable');
    assert.match(written, /: \n$/, 'what follows begins on a line of its own');
  }
});

test('a secret is asked again after a command, is told once it is taken, and stays nowhere', async (t) => {
  const texts = watchSecretTexts(t);
  const kept: string[] = [];
  const secret: Question = {
    ...base,
    kind: 'secret',
    check: (text) => (text.count < 9 ? 'It is too short.' : undefined),
    notice: (text) => `${text.count} characters.`,
    keep: (text) => void kept.push(text.use((bytes) => bytes.toString())),
  };
  const { reply, written } = await askedByLines(secret, [
    ['Which one?\nThing, not shown:', ':again'],
    ['Which one?\nThing, not shown:', '<'],
    ['x There is nothing before this', 'short'],
    ['x It is too short.', 'winter lamp'],
  ]);
  assert.deepEqual([reply, kept], [answer(given), ['winter lamp']]);
  assert.match(written, /= 11 characters\.\n$/);
  assert.ok(texts.size > 0);
  for (const text of texts) assert.equal(text.count, 0);
});

test('of a text that is too long for a command, no string is made', async (t) => {
  const used = t.mock.method(SecretText.prototype, 'use');
  await askedByLines({ ...base, kind: 'secret', keep: () => {} }, [['', 'winter lamp']]);
  assert.equal(used.mock.callCount(), 0);
});

test('at a question for a secret, the commands work and show it again only where that is asked', async () => {
  const secret: Question = { ...base, kind: 'secret', keep: () => {} };
  const { reply, written, commandsFor, whys } = await askedByLines(
    secret,
    [
      ['not shown:', ':commands'],
      ['', '?'],
      ['', 'pass\tword'],
      ['x ', '<'],
    ],
    { back: 'step' },
  );
  assert.deepEqual([reply, commandsFor, whys], [{ kind: 'back', typed: '' }, [''], 1]);
  assert.equal(written.split('Which one?').length, 2);
  assert.match(written, /not shown: \nx .*control character/);
});

test('nothing is said of a secret that is refused, or of which there is nothing to say', async () => {
  const results = ['It opens nothing.', undefined];
  const verify = async () => results.shift();
  const secret: Question = { ...base, kind: 'secret', keep: () => {}, verify, notice: () => 'It is long.' };
  const { written } = await askedByLines(secret, [
    ['', 'winter lamp'],
    ['x It opens nothing.', 'summer lamp'],
  ]);
  assert.deepEqual(written.match(/= .*/g), ['= It is long.']);
  const { notice: _, ...silent } = secret;
  assert.doesNotMatch((await askedByLines(silent, [['', 'winter lamp']])).written, /= /);
});
