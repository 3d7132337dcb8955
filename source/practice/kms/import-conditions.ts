import { AwsError } from '../aws-error.ts';
import { isReplica, type KeyRecord, type Material } from './key-record.ts';

const day = 24 * 60 * 60_000;

/**
 * Reads when imported material expires. All times are milliseconds since 1970; `validTo` of the result is rounded down to a
 * second. The default model is KEY_MATERIAL_EXPIRES. Source: recorded answers, Sep 2026.
 * @throws ValidationException when date and model do not fit together, or when the date is in the past or over 365 days away.
 */
export function readExpiry(
  input: { readonly ExpirationModel?: Material['expirationModel']; readonly ValidTo?: number },
  now: number,
): Pick<Material, 'expirationModel' | 'validTo'> {
  const { ExpirationModel: expirationModel = 'KEY_MATERIAL_EXPIRES', ValidTo: validTo } = input;
  const refuse = (text: string): never => {
    throw new AwsError('ValidationException', text);
  };
  if (expirationModel === 'KEY_MATERIAL_DOES_NOT_EXPIRE') {
    return validTo === undefined
      ? { expirationModel }
      : refuse('A validTo date cannot be set if the ExpirationModel is KEY_MATERIAL_DOES_NOT_EXPIRE');
  }
  if (validTo === undefined) return refuse('A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES');
  if (validTo <= now) return refuse('ValidTo must be in the future');
  return validTo > now + 365 * day
    ? refuse('ValidTo must be less than 365 days in the future')
    : { expirationModel, validTo: Math.floor(validTo / 1000) * 1000 };
}

/**
 * Refuses an import whose request has members that this kind of key does not take, or that exclude each other. Source:
 * recorded answers, Sep 2026.
 * @throws ValidationException for such a request.
 */
export function refuseForeignMembers(
  key: KeyRecord,
  input: { readonly ImportType?: string; readonly KeyMaterialId?: string; readonly KeyMaterialDescription?: string },
): void {
  const member = (['ImportType', 'KeyMaterialId', 'KeyMaterialDescription'] as const).find(
    (name) => input[name] !== undefined,
  );
  if (member && key.keySpec !== 'SYMMETRIC_DEFAULT') {
    const nameInMessage = `${member.charAt(0).toLowerCase()}${member.slice(1)}`;
    throw new AwsError(
      'ValidationException',
      `Input parameter ${nameInMessage} cannot be used with ${key.keySpec} imported keys.`,
    );
  }
  if (isReplica(key) && input.KeyMaterialDescription !== undefined) {
    throw new AwsError(
      'ValidationException',
      'Key material description can only be specified on primary Multi-Region keys',
    );
  }
  if (isReplica(key) && input.ImportType === 'NEW_KEY_MATERIAL') {
    throw new AwsError(
      'ValidationException',
      'Input parameter ImportType NEW_KEY_MATERIAL cannot be used on replica Multi-Region keys',
    );
  }
  if (input.ImportType === 'NEW_KEY_MATERIAL' && input.KeyMaterialId !== undefined) {
    throw new AwsError(
      'ValidationException',
      'Input parameter keyMaterialId cannot be used with NEW_KEY_MATERIAL importType.',
    );
  }
}
