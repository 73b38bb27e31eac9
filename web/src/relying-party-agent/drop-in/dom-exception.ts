// What a page is told when a ceremony fails: the specification's exceptions, with its names and no reasons.
import { MienError } from '../mien-error';

const messages: Record<string, string> = {
  NotAllowedError: 'The request was declined, timed out, or is not permitted here.',
  InvalidStateError: 'The authenticator holds a credential of the exclude list.',
  SecurityError: 'The RP ID does not belong to this page, or the page is not secure.',
  NotSupportedError: 'No authenticator can do what is asked.',
  ConstraintError: 'No authenticator meets the constraints.',
};

/** `TypeError` for options that cannot be read, else a `DOMException` (WebAuthn L3 5.1.3 and 5.1.4, exceptions). */
export function domException(error: unknown): Error {
  if (error instanceof TypeError || error instanceof DOMException) return error;
  if (error instanceof MienError) {
    if (error.code === 'data') return new TypeError('The options are malformed.');
    const message = messages[error.name];
    if (message !== undefined) return new DOMException(message, error.name);
  }
  return new DOMException('The authenticator could not be asked.', 'UnknownError');
}

/** The one refusal that tells nothing. */
export const notAllowed = () => new DOMException(messages['NotAllowedError'], 'NotAllowedError');
