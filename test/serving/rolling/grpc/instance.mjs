// One instance of a gRPC service that is restarted under load: `instance.mjs PORT NOTICE_MS`; port 0 is any.
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { createSupervisor } from '@watchkeeper/core';
import { drainServer, healthService } from '@watchkeeper/grpc';

const [port, noticeMs] = process.argv.slice(2).map(Number);
const keeper = createSupervisor();
const { definition, implementation } = healthService(keeper);
const server = new Server();
server.addService(definition, implementation);
let answered = 0;
const bytes = (value) => value;
const say = {
  path: '/test.Echo/Say',
  requestStream: false,
  responseStream: false,
  requestSerialize: bytes,
  requestDeserialize: bytes,
  responseSerialize: bytes,
  responseDeserialize: bytes,
};
server.addService(
  { Say: say },
  {
    Say(call, answer) {
      answered += 1;
      if (answered === 50) console.log('used');
      const end = () => answer(null, call.request);
      // Every other call takes a moment.
      if (answered % 2 === 0) setTimeout(end, 5);
      else end();
    },
  },
);
process.once('SIGTERM', async () => {
  const report = await drainServer(server, keeper, { drain: { noticeMs, graceMs: 5_000, deadlineMs: 30_000 } });
  console.log(`report ${JSON.stringify({ answered, server: report.server, forced: report.sessions.forced })}`);
  process.exit(0);
});
keeper.start();
server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) => {
  if (error) throw error;
  console.log(`port ${bound}`);
});
