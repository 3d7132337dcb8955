import { AwsError } from './aws-error.ts';

/**
 * Reads a whole number; gives `standard` when the parameter is absent.
 * @throws ValidationError below `least` or over `most`.
 */
export function wholeNumber(
  input: URLSearchParams,
  field: string,
  { least, most, standard }: { readonly least: number; readonly most: number; readonly standard: number },
): number {
  const value = Number(input.get(field) ?? standard);
  if (!Number.isInteger(value) || value < least || value > most) {
    const bound = value > most ? `less than or equal to ${most}` : `greater than or equal to ${least}`;
    throw invalidParameter(input, field, `have value ${bound}`);
  }
  return value;
}

/** Makes the ValidationError for a parameter, in the words of IAM and STS. @param must ends the sentence "Member must". */
export function invalidParameter(input: URLSearchParams, field: string, must: string): AwsError {
  const at = field.charAt(0).toLowerCase() + field.slice(1);
  const value = input.get(field) ?? '';
  const text = `1 validation error detected: Value '${value}' at '${at}' failed to satisfy constraint: Member must ${must}`;
  return new AwsError('ValidationError', text);
}
