// Deletes credentials: the server first, then, on its signed word, the part in this browser (27553-1 A.3.4).
import { MienError } from '../../relying-party-agent/mien-error';
import { Problem } from '../api/problem';
import type { Credential, Deregistered } from '../api/server';
import type { Ports } from './ports';
import { signIn } from './sign-in';

/** What became of this browser's part of one credential. */
export type LocalPart = 'erased' | 'none-here' | 'failed';

/** What the server and the agent said. */
export interface Deletion {
  /** How many credentials the server deleted. */
  readonly server: number;
  readonly local: readonly LocalPart[];
  /** Passkeys stay in the person's own password manager; we cannot erase them. */
  readonly passkeys: number;
}

/** `credentials`: those to go; `all`: the account goes with them. A stale session asks for a fresh sign-in. */
export async function deregister(
  ports: Ports,
  username: string,
  credentials: readonly Credential[],
  all: boolean,
): Promise<Deletion> {
  const [only] = credentials;
  const target = all || !only ? { all: true as const } : { credentialId: only.credentialId };
  const { deregistered } = await withFreshSession(ports, username, credentials, () =>
    ports.server.deregister(target),
  );
  const faces = deregistered.filter(({ credentialId }) => kindOf(credentials, credentialId) !== 'passkey');
  const local: LocalPart[] = [];
  for (const row of faces) local.push(await eraseHere(ports, row));
  return { server: deregistered.length, local, passkeys: deregistered.length - faces.length };
}

function kindOf(credentials: readonly Credential[], id: string) {
  return credentials.find(({ credentialId }) => credentialId === id)?.kind;
}

async function withFreshSession<T>(
  ports: Ports,
  username: string,
  credentials: readonly Credential[],
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== 'session-stale') throw error;
    const current = credentials.find((credential) => credential.current) ?? credentials[0];
    await signIn(ports, current?.kind === 'passkey' ? 'passkey' : 'face', username);
    return run();
  }
}

async function eraseHere({ face }: Ports, { statement }: Deregistered): Promise<LocalPart> {
  try {
    await face.erase(statement);
    return 'erased';
  } catch (error) {
    // The agent says `not-allowed` for whatever is not here: a forger shall not learn what is.
    return error instanceof MienError && error.code === 'not-allowed' ? 'none-here' : 'failed';
  }
}
