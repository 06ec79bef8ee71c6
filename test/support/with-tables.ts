import { once } from 'node:events';
import { createServer, request, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Starts a server that answers requests for tables with `answer`. All other requests go to the server at `origin`. */
export async function withTables(
  origin: string,
  answer: (...args: Parameters<RequestListener>) => unknown,
) {
  const server = createServer((incoming, outgoing) => {
    const { method = 'GET', url = '/', headers } = incoming;
    if (url.includes('/bo/')) return void answer(incoming, outgoing);
    const onward = request(origin + url, { method, headers }, (received) => {
      outgoing.writeHead(received.statusCode!, received.headers);
      received.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
