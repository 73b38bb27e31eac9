// Signs in: options, authenticator, result; and erases here what the server no longer knows.
import { Problem } from '../api/problem';
import { ask } from './authenticator';
import type { Ports, Way } from './ports';

export type SignIn =
  | { readonly outcome: 'signed-in'; readonly username: string }
  /** The server has deregistered this credential; `erased`: this browser's part is gone too. */
  | { readonly outcome: 'deregistered'; readonly erased: boolean };

/** With a name only that account's credentials are asked for. */
export async function signIn(ports: Ports, way: Way, username?: string): Promise<SignIn> {
  const { publicKey } = await ports.server.authenticationOptions(username);
  const credential = await ask(ports, 'get', way, publicKey);
  try {
    const session = await ports.server.authenticationResult(credential);
    return { outcome: 'signed-in', username: session.username };
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'unknown-credential' || !error.statement) throw error;
    return { outcome: 'deregistered', erased: await eraseQuietly(ports, error.statement) };
  }
}

async function eraseQuietly({ face }: Ports, statement: string): Promise<boolean> {
  try {
    await face.erase(statement);
    return true;
  } catch {
    return false;
  }
}
