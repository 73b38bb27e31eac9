// The authentication agent's page: waits for the page that embeds it, then serves it.
import '../common/base.css';
import './agent.css';
import { awaitConnection } from './accept-connection';
import { startSession } from './session';
import { standalone } from './standalone';

const root = document.querySelector('main');
if (root && window.parent === window) standalone(root);
else if (root) startSession(await awaitConnection(window), root);
