// Registers a new credential with the authentication agent; the counterpart of `navigator.credentials.create`.
import type { CredentialJson, OptionsJson } from '../message-port/messages';
import type { AuthenticationAgent } from './connect';
import { type CeremonyOptions, runCeremony } from './run-ceremony';

/** `publicKey` is a `PublicKeyCredentialCreationOptionsJSON`; resolves with a `RegistrationResponseJSON`. */
export function create(
  agent: AuthenticationAgent,
  publicKey: OptionsJson,
  options: CeremonyOptions = {},
): Promise<CredentialJson> {
  return runCeremony(agent, 'create', publicKey, options);
}
