/** True when an error has this name. The name of an error of AWS is its code, such as `NotFoundException`. */
export const isErrorNamed = (error: unknown, name: string): error is Error =>
  error instanceof Error && error.name === name;
