import { createServer, type IncomingHttpHeaders, request } from 'node:http';
import { type S3Answer, s3Refusal } from 'duo-contract/s3';
import { close, listen } from 'duo-simulator';

/**
 * What happens to a request: `pass` it on; `conflict`: S3's 409 without passing it on; `forbidden`: its
 * 403; `slow-down`: its 503; `lost`: it
 * takes effect, and the answer does not arrive; `reset`: it does not even arrive; `late`: the answer comes after 300 ms.
 */
export type Fate = 'pass' | 'conflict' | 'forbidden' | 'slow-down' | 'lost' | 'reset' | 'late';

/** A proxy before an S3 server, for what no emulator does by itself. `fate` decides for each request. */
export async function startFaultProxy(target: string) {
  const proxy = {
    fate: (_method: string, _path: string, _headers: IncomingHttpHeaders): Fate => 'pass',
    url: '',
    close: () => void close(server),
  };
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const fate = proxy.fate(incoming.method ?? '', incoming.url ?? '', incoming.headers);
    if (fate === 'reset') return void incoming.socket.destroy();
    const refusal = refusals[fate];
    if (refusal !== undefined)
      return void outgoing.writeHead(refusal.status, refusal.headers).end(refusal.body);
    const forwarded = request(
      `${target}${incoming.url}`,
      { method: incoming.method, headers: incoming.headers },
      async (answer) => {
        const body: Buffer[] = [];
        for await (const chunk of answer) body.push(chunk);
        if (fate === 'lost') return void incoming.socket.destroy();
        if (fate === 'late') await new Promise((resolve) => setTimeout(resolve, 300));
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers).end(Buffer.concat(body));
      },
    );
    forwarded.on('error', () => incoming.socket.destroy());
    forwarded.end(Buffer.concat(chunks));
  });
  proxy.url = await listen(server);
  return proxy;
}

const refusals: Partial<Record<Fate, S3Answer>> = {
  conflict: s3Refusal(409, 'ConditionalRequestConflict'),
  forbidden: s3Refusal(403, 'AccessDenied'),
  'slow-down': s3Refusal(503, 'SlowDown'),
};
