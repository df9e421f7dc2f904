/** The `name` of an error of the SDK; the stable part of it. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : '';
}

export function isOneOf(error: unknown, ...names: readonly string[]): boolean {
  return names.includes(errorName(error));
}

export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : '';
}

/**
 * SageMaker answers most mistakes with one `ValidationException`, so only the text says which kind
 * it was: "Could not find …", "Requested resource not found.", "… does not exist".
 */
export function isNotFound(error: unknown): boolean {
  if (isOneOf(error, 'ResourceNotFound', 'ResourceNotFoundException')) return true;
  return (
    isOneOf(error, 'ValidationException', 'ValidationError') &&
    /not found|could not find|does not exist/i.test(errorMessage(error))
  );
}

/** "Cannot create already existing model …" and its kind; training jobs have `ResourceInUse`. */
export function isAlreadyThere(error: unknown): boolean {
  if (isOneOf(error, 'ResourceInUse')) return true;
  return isOneOf(error, 'ValidationException') && /already exist(s|ing)/i.test(errorMessage(error));
}
