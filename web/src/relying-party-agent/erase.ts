// Tells the authentication agent to erase a credential that the authentication server has deregistered.
import type { AuthenticationAgent } from './connect';

/**
 * `statement` is the server's signed deregistration statement (27553-1 A.3.4 step d); the agent checks it.
 * Rejects with `not-allowed` when nothing here is named by a valid statement; the agent does not say which of the
 * two it was.
 */
export async function erase(
  { channel }: Pick<AuthenticationAgent, 'channel'>,
  statement: string,
): Promise<void> {
  await channel.call({ kind: 'erase', statement });
}
