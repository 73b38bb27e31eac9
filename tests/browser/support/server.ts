// The real server on free ports, with a database of its own.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as paths from './paths.ts';

/** How long the server may take until both listeners are up, and until it has ended. */
const START_MS = 20_000;
const STOP_MS = 5_000;

export class Server {
  private constructor(
    private readonly child: ChildProcess,
    private readonly said: string[],
    readonly database: string,
    readonly relyingParty: string,
    readonly agent: string,
  ) {}

  /** Starts `rp-server serve`; `extra` are further flags. The database survives a stop and a new start. */
  static async start(folder: string, options: Options = {}): Promise<Server> {
    const origins = options.origins ?? (await freeOrigins());
    const database = `sqlite:${join(folder, 'mien.db')}`;
    const child = spawn(
      paths.server(),
      [
        'serve',
        ...['--rp-origin', origins.relyingParty, '--rp-listen', address(origins.relyingParty)],
        ...['--agent-origin', origins.agent, '--agent-listen', address(origins.agent)],
        ...['--database', database, '--models', options.models ?? paths.models()],
        ...['--rp-static', options.pages ?? paths.pages('relying-party')],
        ...['--agent-static', options.agentPages ?? paths.pages('authentication-agent')],
        ...(options.extra ?? []),
      ],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...OPERATOR } },
    );
    const said: string[] = [];
    await bothListening(child, said);
    return new Server(child, said, database, origins.relyingParty, origins.agent);
  }

  get origins(): Origins {
    return { relyingParty: this.relyingParty, agent: this.agent };
  }

  /** Everything the server wrote, for searches. */
  get log(): string {
    return this.said.join('\n');
  }

  /** Runs `rp-server user …` against the same database. */
  user(...words: string[]): string {
    const run = spawnSync(paths.server(), ['user', ...words, '--database', this.database], {
      encoding: 'utf8',
    });
    if (run.status !== 0) throw new Error(`rp-server user ${words.join(' ')}: ${run.stderr}`);
    return run.stdout;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => this.child.once('exit', () => resolve()));
    this.child.kill('SIGTERM');
    const late = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(late);
    if (this.child.signalCode === 'SIGKILL')
      throw new Error(`the server did not end within ${STOP_MS} ms of being asked to`);
  }
}

export interface Options {
  /** The origins of a server that ran before; new ones otherwise. */
  origins?: Origins;
  /** Folders other than the true ones. */
  models?: string;
  pages?: string;
  agentPages?: string;
  /** Further flags. */
  extra?: string[];
}

export interface Origins {
  relyingParty: string;
  agent: string;
}

/** The token that opens the operator's calls in the tests; it means nothing anywhere else. */
export const OPERATOR = { MIEN_OPERATOR_TOKEN: 'end-to-end-tests-only-0123456789abcdef' };

const address = (origin: string) => `127.0.0.1:${new URL(origin).port}`;

async function freeOrigins(): Promise<Origins> {
  const [relyingParty, agent] = await Promise.all([freePort(), freePort()]);
  return { relyingParty: `http://localhost:${relyingParty}`, agent: `http://localhost:${agent}` };
}

/** The origins name their ports, so the ports must be known before the server starts. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const bound = probe.address();
      probe.close(() =>
        bound !== null && typeof bound === 'object' ? resolve(bound.port) : reject(new Error('no port')),
      );
    });
  });
}

function bothListening(child: ChildProcess, said: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`the server ${why}:\n${said.join('\n')}`));
    const late = setTimeout(() => {
      child.kill('SIGKILL');
      fail(`was not listening after ${START_MS} ms`);
    }, START_MS);
    child.once('error', (error) => fail(`cannot be started (${error.message})`));
    child.once('exit', (code) => fail(`ended with ${code}`));
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface(stream).on('line', (line) => {
        said.push(line);
        if (said.filter((each) => each.startsWith('listening ')).length < 2) return;
        clearTimeout(late);
        resolve();
      });
    }
  });
}
