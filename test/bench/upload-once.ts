import { open } from 'node:fs/promises';
import { openClients } from '../../source/aws/clients.ts';
import { uploadObject } from '../../source/aws/upload.ts';

// One upload as the ceremony makes it, in a process of its own, so that its memory can be measured.
const [path = '', bucket = '', key = '', keyArn = '', endpointUrl = ''] = process.argv.slice(2);
const clients = await openClients({
  credentials: { from: 'environment' },
  region: 'us-east-1',
  endpointUrl,
  onCall: () => {},
});
const file = await open(path);
const { size } = await uploadObject(
  clients.s3,
  file,
  { bucket, key, keyArn },
  { judge: () => {}, onBytes: () => {}, signal: new AbortController().signal },
);
if (size !== (await file.stat()).size) throw new Error('The upload is not whole.');
await file.close();
clients.close();
// Kilobytes: getrusage(2), ru_maxrss.
console.log(process.resourceUsage().maxRSS / 1024);
