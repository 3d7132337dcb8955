import type { Command } from 'commander';

/** Gives the command line one command: its flags, its help, and what it runs. `end` takes the exit status. */
export type Define = (program: Command, end: (status: number) => void) => void;
