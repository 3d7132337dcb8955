/** True when an error has this name: an answer of AWS names its kind so, such as `NotFoundException`. */
export const isErrorNamed = (error: unknown, name: string): boolean => error instanceof Error && error.name === name;
