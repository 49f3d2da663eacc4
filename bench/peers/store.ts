import { createServer } from 'node:http';
import { createS3 } from 'duo-contract/s3';
import { listen } from 'duo-simulator';
import { serve } from './serve';

/*
 * `store.ts [kept]`: the store as a process of its own, which counts. Objects below `logs/` are counted and, unless they are
 * to be kept, forgotten, so that a million records need no memory here.
 */

const isKept = process.argv[2] === 'kept';
/** The clock of a run that is bent: the SDK would try what fails once more where the two differ. */
let shift = 0;
let counted = { reads: 0, listings: 0, writes: 0, bytes: 0 };
const s3 = createS3((key, body) => (key.includes('/logs/') && !isKept ? '' : body));

const server = createServer({ keepAliveTimeout: 0 }, async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const sent = Buffer.concat(chunks);
  const { status, headers, body } = s3.answer(request, sent);
  if (request.url?.includes('list-type=')) counted.listings += 1;
  else if (request.method === 'GET') counted.reads += 1;
  else counted.writes += 1;
  if (status === 200 && request.url?.includes('/logs/')) counted.bytes += sent.length;
  const date = new Date(Date.now() - shift).toUTCString();
  response.writeHead(status, { ...headers, Date: date, 'Content-Length': body.length }).end(body);
});

void listen(server).then((url) =>
  serve({ url }, (order) => {
    shift = order.shift;
    const taken = counted;
    counted = { reads: 0, listings: 0, writes: 0, bytes: 0 };
    return taken;
  }),
);
