// A proxy that the whole browser goes through, workers and beacons included: it keeps every request with its body.
import {
  createServer,
  type Server as HttpServer,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Recorded {
  method: string;
  url: string;
  headers: string;
  body: Buffer;
  status: number;
  /** Bytes of the answer's body as they came over the wire. */
  received: number;
  /** The answer's body, kept for requests that are not for files. */
  answer: Buffer;
}

/** Calls that Chromium makes for itself; no page can make them under the pages' content security policy. */
const BROWSERS_OWN = /^(http:\/\/)?[\w.-]*\.(googleapis|google|gvt1)\.com[:/]/;

export class Recorder {
  readonly requests: Recorded[] = [];
  private readonly allowed = new Set<string>();

  private constructor(private readonly server: HttpServer) {
    server.on('request', (incoming, answer) => void this.pass(incoming, answer));
    // Encrypted tunnels cannot be searched, so there are none.
    server.on('connect', (incoming, socket) => {
      this.keep(incoming, Buffer.alloc(0), 403, Buffer.alloc(0), 0);
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
  }

  static async start(): Promise<Recorder> {
    const server = createServer();
    const recorder = new Recorder(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return recorder;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Lets requests for these origins through; all others are kept and refused. */
  allow(...origins: string[]): void {
    for (const origin of origins) this.allowed.add(origin);
  }

  /** Requests that went, or wanted to go, anywhere else. */
  get foreign(): Recorded[] {
    return this.requests.filter(({ url }) => !BROWSERS_OWN.test(url) && !this.allowed.has(originOf(url)));
  }

  clear(): void {
    this.requests.length = 0;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async pass(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const body = await read(incoming);
    const url = new URL(incoming.url ?? '', 'http://unknown.invalid');
    if (!this.allowed.has(url.origin)) {
      this.keep(incoming, body, 502, Buffer.alloc(0), 0);
      answer.writeHead(502).end();
      return;
    }
    const { 'proxy-connection': _, ...headers } = incoming.headers;
    const onward = request(
      {
        host: '127.0.0.1',
        port: url.port,
        method: incoming.method,
        path: url.pathname + url.search,
        headers,
      },
      (reply) => {
        answer.writeHead(reply.statusCode ?? 502, reply.rawHeaders);
        const parts: Buffer[] = [];
        const keepsAnswer = url.pathname.startsWith('/api/');
        let received = 0;
        reply.on('data', (part: Buffer) => {
          received += part.length;
          if (keepsAnswer) parts.push(part);
        });
        reply.pipe(answer);
        reply.on('end', () =>
          this.keep(incoming, body, reply.statusCode ?? 0, Buffer.concat(parts), received),
        );
      },
    );
    onward.on('error', () => {
      this.keep(incoming, body, 502, Buffer.alloc(0), 0);
      // A server that is down looks like one: the connection breaks.
      answer.destroy();
    });
    onward.end(body);
  }

  private keep(
    incoming: IncomingMessage,
    body: Buffer,
    status: number,
    answer: Buffer,
    received: number,
  ): void {
    const headers = incoming.rawHeaders.join('\n');
    this.requests.push({
      method: incoming.method ?? '',
      url: incoming.url ?? '',
      headers,
      body,
      status,
      received,
      answer,
    });
  }
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : '';
}

async function read(stream: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts);
}
