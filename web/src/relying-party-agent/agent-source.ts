// The page's one connection to the authentication agent, opened early and again after a loss.
import { type AuthenticationAgent, connect } from './connect';

/** Gives the connected agent; a failed connection is tried anew by the next call. */
export type AgentSource = () => Promise<AuthenticationAgent>;

/** Connects on the first call. */
export function agentSource(agentOrigin: () => Promise<string>): AgentSource {
  let current: Promise<AuthenticationAgent> | undefined;
  return async () => {
    const agent = await current?.catch(() => undefined);
    if (agent && !agent.lost) return agent;
    current = agentOrigin().then((origin) => connect(origin));
    return current;
  };
}
