import { benchFirstFrame } from './first-frame.ts';
import { benchUnattended } from './unattended.ts';
import { benchUpload } from './upload.ts';

await benchFirstFrame();
await benchUnattended();
await benchUpload();
