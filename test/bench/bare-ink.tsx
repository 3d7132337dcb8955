import { render, Text } from 'ink';

// The least that Ink can show: what any Ink program pays before its own first line.
const { unmount } = render(<Text>bare screen</Text>, { interactive: true, patchConsole: false });
process.stdin.resume();
// Node writes its cache of compiled code when the process ends, and not when a signal kills it.
process.once('SIGTERM', () => {
  unmount();
  process.exit();
});
