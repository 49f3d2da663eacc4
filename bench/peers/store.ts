import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { createS3 } from 'duo-contract/s3';
import { listen } from 'duo-simulator';
import { serve } from './serve';

/*
 * `store.ts <forgotten | kept | read>`: the store as a process of its own, which counts. Objects below `logs/` are counted and,
 * unless they are to be kept, forgotten, so that a million records need no memory here. If they are to be read, the records in
 * them are counted first: their lines, when the run is over, so that it takes nothing from it.
 */

const isKept = process.argv[2] === 'kept';
const isRead = process.argv[2] === 'read';
/** The clock of a run that is bent: the SDK would try what fails once more where the two differ. */
let shift = 0;
const none = { reads: 0, listings: 0, writes: 0, objects: 0, bytes: 0 };
let counted = { ...none };
let unread: Buffer[] = [];
const s3 = createS3((key, body) => (key.includes('/logs/') && !isKept ? '' : body));

const server = createServer({ keepAliveTimeout: 0 }, async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const sent = Buffer.concat(chunks);
  const { status, headers, body } = s3.answer(request, sent);
  if (request.url?.includes('list-type=')) counted.listings += 1;
  else if (request.method === 'GET') counted.reads += 1;
  else counted.writes += 1;
  if (status === 200 && request.method === 'PUT' && request.url?.includes('/logs/')) {
    counted.objects += 1;
    counted.bytes += sent.length;
    if (isRead) unread.push(sent);
  }
  const date = new Date(Date.now() - shift).toUTCString();
  response.writeHead(status, { ...headers, Date: date, 'Content-Length': body.length }).end(body);
});

void listen(server).then((url) =>
  serve({ url }, (order) => {
    shift = order.shift;
    const taken = {
      ...counted,
      ...(isRead && { stored: unread.reduce((sum, one) => sum + linesIn(one), 0) }),
    };
    counted = { ...none };
    unread = [];
    return taken;
  }),
);

/** How many lines an object has, gzipped or not; the last one may end without a line feed. */
function linesIn(object: Buffer): number {
  const text = object.readUInt16BE(0) === 0x1f8b ? gunzipSync(object) : object;
  let lines = text.at(-1) === 0x0a ? 0 : 1;
  for (let at = text.indexOf(0x0a); at >= 0; at = text.indexOf(0x0a, at + 1)) lines += 1;
  return lines;
}
