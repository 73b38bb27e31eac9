// The demo site: connects the agent early, then shows screens.
import '../common/base.css';
import './demo.css';
import { agentSource } from '../relying-party-agent/agent-source';
import { type Config, server } from './api/server';
import type { App } from './app';
import type { Words } from './error-text';
import { realPorts } from './flows/ports';
import { startRouter } from './router';

let config: Promise<Config> | undefined;
const loadConfig = () => {
  config ??= server.config().catch((error: unknown) => {
    config = undefined;
    throw error;
  });
  return config;
};
const agent = agentSource(async () => (await loadConfig()).agentOrigin);

let notice: Words | null = null;
const app: App = {
  ports: realPorts(agent),
  config: loadConfig,
  deletion: null,
  gone: null,
  go(hash, words) {
    notice = words ?? null;
    if (location.hash === hash || (hash === '#/' && location.hash === '')) router.again();
    else location.hash = hash;
  },
  takeNotice() {
    const taken = notice;
    notice = null;
    return taken;
  },
};

const root = document.querySelector('main');
if (!root) throw new Error('index.html has no main element');
const router = startRouter(app, root);
// Early, so that the face check loads while the person reads; a failure is told when it is needed.
void agent().catch(() => undefined);
