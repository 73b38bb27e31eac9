// The browser's own passkeys under the same JSON as the agent: for people without a camera, or who decline.
import type { CredentialJson, OptionsJson } from '../message-port/messages';
import { builtInCredentials } from './built-in';
import { MienError, type MienErrorCode } from './mien-error';
import { parseCreationOptions, parseRequestOptions } from './passkey-options';
import { serialiseCredential } from './passkey-response';

/** Whether this browser has passkeys at all. */
export const passkeysAvailable = (): boolean =>
  typeof PublicKeyCredential === 'function' && typeof navigator.credentials?.create === 'function';

/** Registers with an ordinary passkey. Call it from a click. */
export function createPasskey(publicKey: OptionsJson): Promise<CredentialJson> {
  return run(() => builtInCredentials().create({ publicKey: parseCreationOptions(publicKey) }));
}

/** Signs in with an ordinary passkey. Call it from a click. */
export function getPasskey(publicKey: OptionsJson): Promise<CredentialJson> {
  return run(() => builtInCredentials().get({ publicKey: parseRequestOptions(publicKey) }));
}

async function run(ask: () => Promise<Credential | null>): Promise<CredentialJson> {
  if (!passkeysAvailable()) throw new MienError('not-supported');
  try {
    const credential = await ask();
    if (!(credential instanceof PublicKeyCredential)) throw new MienError('unknown');
    return serialiseCredential(credential);
  } catch (error) {
    if (error instanceof MienError) throw error;
    throw new MienError(codeOf(error), { cause: error });
  }
}

const codes: Record<string, MienErrorCode> = {
  NotAllowedError: 'not-allowed',
  InvalidStateError: 'invalid-state',
  SecurityError: 'security',
  NotSupportedError: 'not-supported',
  ConstraintError: 'constraint',
  AbortError: 'aborted',
  EncodingError: 'data',
  TypeError: 'data',
};

function codeOf(error: unknown): MienErrorCode {
  return (error instanceof Error && codes[error.name]) || 'unknown';
}
