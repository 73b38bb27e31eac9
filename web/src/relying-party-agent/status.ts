// Asks the authentication agent what this browser holds for the page's own RP ID.
import type { Status } from '../message-port/messages';
import type { AuthenticationAgent } from './connect';
import { MienError } from './mien-error';

/** Rejects with a `MienError`; an answer of another shape is `unknown`. */
export async function status({ channel }: Pick<AuthenticationAgent, 'channel'>): Promise<Status> {
  const answer = (await channel.call({ kind: 'status' })) as Partial<Status> | null;
  const { credentials, consent } = answer ?? {};
  if (typeof credentials !== 'number' || (typeof consent !== 'number' && consent !== null)) {
    throw new MienError('unknown', { cause: answer });
  }
  return { credentials, consent };
}
