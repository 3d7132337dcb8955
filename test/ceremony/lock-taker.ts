/** One of several processes that want the same locks at the same moments: prints `+` for each that it got, `-` else. */
import { takeLock } from '../../source/ceremony/lock.ts';

const [folder = '', count = '', start = ''] = process.argv.slice(2);
let got = '';
for (let number = 0; number < Number(count); number += 1) {
  while (performance.timeOrigin + performance.now() < Number(start) + number * 0.7);
  try {
    takeLock(`${folder}/lock-${number}`);
    got += '+';
  } catch {
    got += '-';
  }
}
process.stdout.write(`${got}\n`);
// It holds them until it is told to go.
process.stdin.resume();
