import type { Command } from 'commander';

/** Adds one command to the program: its flags, its help and its action. @param end gets the exit status of the command. */
export type Define = (program: Command, end: (status: number) => void) => void;
