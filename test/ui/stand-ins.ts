/** Gives a function that puts what is always the same in the place of a folder and of ports, for texts that are stored. */
export function standIns(folder: string): (text: string) => string {
  return (text) => text.replaceAll(folder, '/home/you').replaceAll(/\b127\.0\.0\.1:\d+/g, '127.0.0.1:4599');
}

/** Gives what stands for the id of a request: as long, and always the same. */
export function requestIdStandIn(requestId: string): string {
  return requestId.replaceAll(/[\da-f]/gi, '0');
}
