import { AwsError } from './aws-error.ts';

/**
 * Reads a parameter that is a whole number. Gives `defaultValue` when the request does not have the parameter.
 * @throws ValidationError when it is no whole number, or is below `min` or over `max`.
 */
export function readWholeNumber(
  input: URLSearchParams,
  field: string,
  { min, max, defaultValue }: { readonly min: number; readonly max: number; readonly defaultValue: number },
): number {
  const value = Number(input.get(field) ?? defaultValue);
  if (!Number.isInteger(value) || value < min || value > max) {
    const bound = value > max ? `less than or equal to ${max}` : `greater than or equal to ${min}`;
    throw invalidParameter(input, field, `have value ${bound}`);
  }
  return value;
}

/**
 * Makes the ValidationError for a wrong parameter, in the words of IAM and STS.
 * @param field the name of the parameter, such as `MaxItems`.
 * @param rule the end of the sentence "Member must".
 */
export function invalidParameter(input: URLSearchParams, field: string, rule: string): AwsError {
  // The message names the parameter with a small first letter, such as `maxItems`.
  const path = field.charAt(0).toLowerCase() + field.slice(1);
  const value = input.get(field) ?? '';
  const text = `1 validation error detected: Value '${value}' at '${path}' failed to satisfy constraint: Member must ${rule}`;
  return new AwsError('ValidationError', text);
}
