/** A proxy that only passes on each answer. No local address can cost less. The argument is the server's origin. */
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';

const [, , origin = ''] = process.argv;
const server = createServer((request, response) => {
  get(origin + request.url!, { agent: false }, (answer) => {
    response.writeHead(answer.statusCode!, answer.headers);
    answer.pipe(response);
  });
});
server.listen(0, '127.0.0.1', () => {
  process.send!(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.on('disconnect', () => process.exit());
