import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** The few calls of S3, SSM and CloudFormation that the commands make, on the loopback: the SDK is the real one. */
export async function startAws() {
  const objects = new Map<string, string>();
  const parameters: unknown[] = [];
  const exports = new Map<string, string>();
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const env = {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    AWS_ACCESS_KEY_ID: 'made-up',
    AWS_SECRET_ACCESS_KEY: 'made-up',
    AWS_REGION: 'eu-west-1',
  };
  return { env, objects, parameters, exports, close };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += chunk;
    const url = new URL(request.url ?? '', 'http://aws');
    const key = decodeURIComponent(url.pathname.slice(1));
    const xml = (status: number, text: string) =>
      response.writeHead(status, { 'Content-Type': 'application/xml' }).end(text);
    if (request.headers['x-amz-target'] === 'AmazonSSM.PutParameter') {
      parameters.push(JSON.parse(body));
      response.end('{"Version":1}');
    } else if (body.includes('Action=ListExports')) {
      const members = [...exports].map(
        ([name, value]) => `<member><Name>${name}</Name><Value>${value}</Value></member>`,
      );
      xml(200, `<R><ListExportsResult><Exports>${members.join('')}</Exports></ListExportsResult></R>`);
    } else if (url.searchParams.has('list-type')) {
      const prefix = url.searchParams.get('prefix') ?? '';
      const keys = [...objects.keys()].map((name) => name.slice(key.replace(/\/$/, '').length + 1));
      const found = keys.filter((name) => name.startsWith(prefix));
      xml(200, `<L>${found.map((name) => `<Contents><Key>${name}</Key></Contents>`).join('')}</L>`);
    } else if (request.method === 'PUT' && !objects.has(key) && request.headers['if-none-match'] === '*') {
      objects.set(key, body);
      response.writeHead(200, { ETag: '"1"' }).end();
    } else if (request.method === 'GET' && objects.has(key)) {
      response.writeHead(200, { ETag: '"1"' }).end(objects.get(key));
    } else {
      xml(404, '<Error><Code>NoSuchKey</Code><Message>No.</Message></Error>');
    }
  }

  function close(): void {
    server.closeAllConnections();
    server.close();
  }
}
