// Serves the libraries from loopback to cross-origin isolated pages, and counts what each of them fetches.
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress } from 'node:zlib';

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.jpg': 'image/jpeg',
};

/** Compressed as our server's files are, for every library: code, and weights (`.bin`, `.onnx`). */
const COMPRESSED = new Set(['.js', '.json', '.wasm', '.bin', '.onnx']);

/** Beside the event loop: a server that stands still for seconds answers the next request with a timeout. */
const compress = promisify(brotliCompress);

/** What one page fetched, without its pictures. */
export interface Fetched {
  uncompressed: number;
  served: number;
}

/** A folder, or one file, by the beginning of its address. */
export type Places = Record<string, string>;

export class BenchServer {
  private readonly listener: Server;
  private readonly compressed = new Map<string, Promise<Uint8Array>>();
  fetched: Fetched = { uncompressed: 0, served: 0 };

  constructor(
    private readonly places: Places,
    private readonly frames: readonly Buffer[],
  ) {
    this.listener = createServer((request, response) => {
      this.answer(request, response).catch(() => response.destroy());
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.listener.listen(0, '127.0.0.1', resolve));
  }

  /** A site of its own for each name, so that the browser gives each a process of its own. */
  address(name: string): string {
    return `http://${name}.localhost:${(this.listener.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.listener.closeAllConnections();
    this.listener.close();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // The exact figures of memory and time are for isolated pages only.
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    const frame = path.startsWith('/frames/')
      ? this.frames[Number(path.slice('/frames/'.length))]
      : undefined;
    if (frame !== undefined) return void response.end(frame);
    const file = this.find(path);
    if (file === undefined || !existsSync(file)) return void response.writeHead(404).end();
    const body = readFileSync(file);
    const kind = extname(file);
    response.setHeader('Content-Type', TYPES[kind] ?? 'application/octet-stream');
    if (path.startsWith('/pictures/')) return void response.end(body);
    let served: Uint8Array = body;
    if (COMPRESSED.has(kind)) {
      const begun = this.compressed.get(file) ?? compress(body);
      this.compressed.set(file, begun);
      served = await begun;
      response.setHeader('Content-Encoding', 'br');
    }
    // The few lines of the measurement itself are no part of any library.
    if (path.lastIndexOf('/') > 0) {
      this.fetched.uncompressed += body.length;
      this.fetched.served += served.length;
    }
    response.end(served);
  }

  private find(path: string): string | undefined {
    const match = Object.keys(this.places)
      .filter((place) => path.startsWith(place))
      .toSorted((a, b) => b.length - a.length)[0];
    const folder = match === undefined ? undefined : this.places[match];
    if (match === undefined || folder === undefined) return undefined;
    const below = normalize(path.slice(match.length));
    return below.startsWith('..') ? undefined : join(folder, below);
  }
}
