import { benchFirstFrame } from './first-frame.ts';
import { benchUnattended } from './unattended.ts';

await benchFirstFrame();
await benchUnattended();
