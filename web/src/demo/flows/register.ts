// Creates an account, or adds a credential to one's own: options, authenticator, result.
import { ask } from './authenticator';
import type { Ports, Way } from './ports';

/** Resolves with the account's name; nothing exists at the server before its answer to the result. */
export async function register(ports: Ports, username: string, way: Way): Promise<string> {
  const { publicKey } = await ports.server.registrationOptions(username);
  const credential = await ask(ports, 'create', way, publicKey);
  const session = await ports.server.registrationResult(credential);
  return session.username;
}
