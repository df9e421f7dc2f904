import { MlopsError } from '../../core/errors.ts';
import { byteLength, MAXIMUM_PAYLOAD_BYTES } from './check-update.ts';

/**
 * Refuses what the service would refuse to start.
 * @throws {MlopsError} `CONFLICT` for a name outside `[a-zA-Z0-9-_]{1,64}` or an input above 256 KB.
 */
export function assertStartable(name: string, input: string): void {
  if (!/^[a-zA-Z0-9_-]{1,64}$/.test(name)) {
    throw new MlopsError('CONFLICT', `"${name}" cannot name an execution.`, {
      hint: 'Use 1 to 64 letters, digits, "-" and "_".',
    });
  }
  if (byteLength(input) > MAXIMUM_PAYLOAD_BYTES) {
    throw new MlopsError(
      'CONFLICT',
      `The input of ${name} is above ${MAXIMUM_PAYLOAD_BYTES} bytes.`,
      {
        hint: 'Store it and pass its key.',
      },
    );
  }
}
