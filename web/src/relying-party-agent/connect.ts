// Loads the authentication agent into the page and opens the channel to it.
import { MienError } from './mien-error';
import { type Channel, openChannel } from './open-channel';
import { openSheet, type Sheet } from './open-sheet';
import { shakeHands } from './shake-hands';

const handshakeMs = 10_000;

/** A connected agent; hand it to `create`, `get`, `status` and `erase`. */
export interface AuthenticationAgent {
  readonly channel: Channel;
  readonly sheet: Sheet;
  /** True after the agent's document went away; connect again. */
  lost: boolean;
}

/**
 * `agentOrigin` is an exact origin such as `https://agent.example`. Call it early: the agent loads its models
 * while the person reads. Rejects with `agent-unavailable` (or `security` for something that is no origin).
 */
export async function connect(agentOrigin: string, title = 'Face check'): Promise<AuthenticationAgent> {
  if (!isOrigin(agentOrigin)) throw new MienError('security', { cause: 'not an origin' });
  const sheet = openSheet(agentOrigin, title);
  try {
    await new Promise((resolve) => sheet.frame.addEventListener('load', resolve, { once: true }));
    const receiver = sheet.frame.contentWindow;
    if (!receiver) throw new MienError('agent-unavailable');
    const port = await shakeHands(receiver, agentOrigin, handshakeMs);
    const agent = { channel: openChannel(port), sheet, lost: false };
    // A second load is a new document (a crash, a reload): the port went with the old one.
    sheet.frame.addEventListener('load', () => disconnect(agent), { once: true });
    return agent;
  } catch (error) {
    sheet.remove();
    throw error;
  }
}

/** Ends what is in flight with `agent-unavailable` and takes the agent's document away. */
export function disconnect(agent: AuthenticationAgent): void {
  agent.lost = true;
  agent.channel.close();
  agent.sheet.remove();
}

function isOrigin(text: string): boolean {
  try {
    return new URL(text).origin === text && /^https?:/.test(text);
  } catch {
    return false;
  }
}
