import { runPart } from './parts.ts';

await runPart(1);
