// All that is added to the page: the agent in the place of `navigator.credentials`.
import { install } from '/mien/index.js';

const { agentOrigin } = await (await fetch('/api/config')).json();
globalThis.mien = install(agentOrigin);
