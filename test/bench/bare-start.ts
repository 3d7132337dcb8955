import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// Starts the bare screen as the program starts its own: with compiled code from a cache, in a file of its own.
enableCompileCache(join(process.env.HOME ?? '', '.cache', 'bare-screen'));
await import('./bare-ink.tsx');
