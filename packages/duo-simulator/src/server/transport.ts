import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Server as AnyServer } from 'node:net';
import { type SignableRequest, signatureDate } from 'duo-core';
import type { Answer } from './answer';
import type { Fault } from './faults';
import type { ArrivedRequest } from './request-check';

/** Reads a request to its end; null if the client went away before that. */
export async function arrivedRequest(incoming: IncomingMessage): Promise<ArrivedRequest | null> {
  const { method = '', url = '', headers } = incoming;
  const [path = '', ...query] = url.split('?');
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of incoming) chunks.push(chunk);
  } catch {
    return null;
  }
  const body = Buffer.concat(chunks).toString();
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  return {
    method,
    path,
    params: readQuery(isForm ? body : query.join('?')),
    body,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
  };
}

/** Sends an answer, or does to the connection what the fault says. `now` (ms) becomes the answer's `Date`. */
export function send(
  response: ServerResponse,
  now: number,
  answer: Answer | null,
  fault: Fault | null,
): void {
  if (fault === 'reset') response.socket?.resetAndDestroy();
  if (answer === null) return;
  const body = Buffer.from(answer.body);
  response.writeHead(answer.status, {
    Date: signatureDate(now),
    'Content-Length': body.length,
    ...answer.headers,
  });
  if (fault !== 'truncate') response.end(body);
  // Cut only once the half is on its way; sooner, and the client would see a reset without any answer.
  else response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.socket?.destroy());
}

/** Listens on 127.0.0.1 and resolves to the base URL; rejects if the port is taken. @default port any free one */
export function listen(server: AnyServer, port = 0): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      const bound = typeof address === 'object' && address !== null ? address.port : port;
      resolve(`http://127.0.0.1:${bound}`);
    });
  });
}

/** Stops listening and cuts every connection, so that nothing keeps the process alive. */
export function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // The only error is that it does not listen, and then it is closed.
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** Decodes as a form (`+` is a space: Python's urlencode sends that, while it signs `%20`). */
function readQuery(query: string): SignableRequest['params'] {
  const values = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(query)) {
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  return Object.fromEntries(
    [...values].map(([name, [first = '', ...more]]) => [name, more.length === 0 ? first : [first, ...more]]),
  );
}
