import { benchBytes } from './bytes.ts';
import { benchFirstFrame } from './first-frame.ts';
import { benchLargeObject } from './large-object.ts';
import { benchUnattended } from './unattended.ts';
import { benchUpload } from './upload.ts';

await benchFirstFrame();
await benchBytes();
await benchUnattended();
await benchUpload();
await benchLargeObject();
