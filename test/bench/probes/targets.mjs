// A process of many loopback targets that answer HTTP; it is told to begin, and says how often it was asked.
import { createServer } from 'node:http';

const count = Number(process.argv[2]);
let connections = 0;
const servers = Array.from({ length: count }, () =>
  createServer((_request, response) => response.end()).on('connection', () => {
    connections += 1;
  }),
);
await Promise.all(servers.map((server) => new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))));
process.send(servers.map((server) => server.address().port));
process.on('message', () => process.send(connections));
process.on('disconnect', () => process.exit());
