import { render, Text } from 'ink';

// The least that Ink can show: what any Ink program pays before its own first line.
const { unmount } = render(<Text>bare screen</Text>, { interactive: true, patchConsole: false });
process.stdin.once('data', unmount);
