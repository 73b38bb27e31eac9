// One call of the RP server: JSON in, JSON out, every failure a `Problem`.
import { Problem, problemOf } from './problem';

const timeoutMs = 20_000;

/** Resolves with the parsed body, or null for an empty one. */
export async function call(
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  body?: unknown,
): Promise<unknown> {
  const response = await send(method, path, body);
  const text = await response.text().catch((cause) => {
    throw new Problem('offline', null, { cause });
  });
  const parsed = parse(text);
  if (!response.ok) throw problemOf(parsed);
  if (parsed === undefined) throw new Problem('internal');
  return parsed;
}

async function send(method: string, path: string, body: unknown): Promise<Response> {
  try {
    return await fetch(path, {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined
        ? {}
        : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }),
    });
  } catch (cause) {
    throw new Problem('offline', null, { cause });
  }
}

function parse(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
