// Run in a real terminal by pty.test.ts: two of the real lists after each other, through the paced stream or without it.
import { render } from 'ink';
import SelectInput from 'ink-select-input';
import { useState } from 'react';
import { Keystrokes } from '../../source/terminal/keystrokes.ts';

const items = ['a', 'b', 'c', 'd'].map((value) => ({ value, label: value }));

function TwoLists({ onDone }: { readonly onDone: (chosen: readonly string[]) => void }) {
  const [chosen, setChosen] = useState<readonly string[]>([]);
  return (
    <SelectInput
      key={chosen.length}
      items={items}
      onSelect={({ value }) => {
        const next = [...chosen, value];
        setChosen(next);
        if (next.length === 2) onDone(next);
      }}
    />
  );
}

const stdin = process.argv[2] === 'paced' ? new Keystrokes(process.stdin) : process.stdin;
const app = render(
  <TwoLists
    onDone={(chosen) => {
      app.unmount();
      process.stdout.write(`chosen ${chosen.join(' ')}\n`);
    }}
  />,
  { stdin, interactive: true, exitOnCtrlC: false, patchConsole: false },
);
process.stdout.write('ready\n');
