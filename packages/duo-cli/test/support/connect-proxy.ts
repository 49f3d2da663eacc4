import { createServer } from 'node:http';
import { connect } from 'node:net';
import { TLSSocket } from 'node:tls';
import { listen } from 'duo-simulator';

/** Of the simulator's host and of AWS's in eu-west-1: made for these tests, and trusted by nobody who does not name it. */
export const certificate = `-----BEGIN CERTIFICATE-----
MIICEDCCAbagAwIBAgIUMha/dVJaCsMQl3hevVih02pSHhswCgYIKoZIzj0EAwIw
OTEmMCQGA1UEAwwdYXBpLXNpbXVsYXRvci5kdW9zZWN1cml0eS5jb20xDzANBgNV
BAoMBk5vYm9keTAgFw0yNjExMjcxNTEzMzhaGA8yMTI2MTEwMzE1MTMzOFowOTEm
MCQGA1UEAwwdYXBpLXNpbXVsYXRvci5kdW9zZWN1cml0eS5jb20xDzANBgNVBAoM
Bk5vYm9keTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABHAdlfefPMFmljN/ZVgp
NiVmsOMP1ONOGzUTc7b/Hk4kIlMtz9xHwXgautfSulhM1R2JzeOyqrEPRkge0D4h
FTqjgZkwgZYwHQYDVR0OBBYEFOKoGIukNwjuIz+VYklTR3sUoGqnMB8GA1UdIwQY
MBaAFOKoGIukNwjuIz+VYklTR3sUoGqnMEMGA1UdEQQ8MDqCHWFwaS1zaW11bGF0
b3IuZHVvc2VjdXJpdHkuY29tghkqLmV1LXdlc3QtMS5hbWF6b25hd3MuY29tMA8G
A1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIgHEI1Q7u8VphNwzWt5cs1
Z7+KGJWbej3DIGm1Wg4sivMCIQDhgQMgg0dwV3cP9G//LophatXXvUiL+TRy5Mx5
unMwDw==
-----END CERTIFICATE-----`;

const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgXCjGMPYA3/sexv93
TFWHNJSG7fXxIn2g5Rt3Ka1Fz+2hRANCAARwHZX3nzzBZpYzf2VYKTYlZrDjD9Tj
Ths1E3O2/x5OJCJTLc/cR8F4GrrX0rpYTNUdic3jsqqxD0ZIHtA+IRU6
-----END PRIVATE KEY-----`;

/**
 * A company's proxy on the loopback: whoever asks for a tunnel to a host gets one to the server (http, on the loopback) that
 * stands for it, which answers under the certificate above. `tunnels` is what was asked for, with the user who asked.
 */
export async function startProxy(serverOf: (host: string) => string | undefined) {
  const tunnels: string[] = [];
  const proxy = createServer((_request, response) => void response.writeHead(405).end());
  proxy.on('connect', (request, client) => {
    const [, user = ''] = (request.headers['proxy-authorization'] ?? '').split(' ');
    tunnels.push(`${Buffer.from(user, 'base64')} ${request.url}`);
    const server = serverOf(String(request.url).split(':')[0] ?? '');
    if (server === undefined) return void client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    const { hostname, port } = new URL(server);
    const inside = new TLSSocket(client, { isServer: true, cert: certificate, key });
    const upstream = connect(Number(port), hostname);
    inside.pipe(upstream).pipe(inside);
    // Whoever goes away, both have gone.
    inside.on('error', () => upstream.destroy()).on('close', () => upstream.destroy());
    upstream.on('error', () => inside.destroy()).on('close', () => inside.destroy());
  });
  const url = await listen(proxy);
  return {
    url,
    tunnels,
    close() {
      proxy.closeAllConnections();
      proxy.close();
    },
  };
}
