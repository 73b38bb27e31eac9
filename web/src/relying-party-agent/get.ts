// Asks the authentication agent for an assertion; the counterpart of `navigator.credentials.get`.
import type { CredentialJson, OptionsJson } from '../message-port/messages';
import type { AuthenticationAgent } from './connect';
import { type CeremonyOptions, runCeremony } from './run-ceremony';

/** `publicKey` is a `PublicKeyCredentialRequestOptionsJSON`; resolves with an `AuthenticationResponseJSON`. */
export function get(
  agent: AuthenticationAgent,
  publicKey: OptionsJson,
  options: CeremonyOptions = {},
): Promise<CredentialJson> {
  return runCeremony(agent, 'get', publicKey, options);
}
