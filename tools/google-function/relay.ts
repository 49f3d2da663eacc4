import { createServer, type Server } from 'node:http';
import { sign, signatureDate } from 'duo-core';
import { simulatorCredentials } from 'duo-simulator';

/**
 * A server that passes on to the simulator at `apiUrl` what Google's function asks, completes what it leaves out of its second
 * request (the bounds and `sort`), and signs it anew; a connection that the simulator breaks, it breaks too. `now` is in milliseconds.
 */
export function createRelay(apiUrl: string, sort: 'ts:asc' | 'ts:desc', now: () => number): Server {
  const bounds = () => ({
    mintime: String(now() - 179 * 86_400_000),
    maxtime: String(now() - 120_000),
    sort,
  });
  return createServer(async (request, response) => {
    const url = new URL(request.url ?? '', apiUrl);
    const asked = Object.fromEntries(url.searchParams);
    const params = 'next_offset' in asked ? { ...bounds(), ...asked } : asked;
    const { apiHost: host, ...keys } = simulatorCredentials;
    const { query, headers } = sign(
      { method: 'GET', host, path: url.pathname, params },
      keys,
      signatureDate(now()),
    );
    try {
      const answer = await fetch(`${apiUrl}${url.pathname}?${query}`, { headers });
      const body = Buffer.from(await answer.arrayBuffer());
      response.writeHead(answer.status, { 'Content-Length': body.length }).end(body);
    } catch {
      // A connection that breaks, or half a body, is one for the function as well.
      response.destroy();
    }
  });
}
