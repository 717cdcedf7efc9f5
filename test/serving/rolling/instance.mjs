// One instance of a service that is restarted under load: `instance.mjs http1|http2|tls NOTICE_MS CERTIFICATE_FOLDER PORT`.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createHttp2Server, createSecureServer } from 'node:http2';
import { createSupervisor } from '@watchkeeper/core';
import { drainHttpServer, healthRoutes, onSignals } from '@watchkeeper/http';

const [kind, noticeMs, folder, port] = process.argv.slice(2);
const keeper = createSupervisor();
const health = healthRoutes(keeper);
let begun = 0;
let answered = 0;

const answer = (request, response) =>
  health(request, response, () => {
    begun += 1;
    response.once('close', () => {
      if (response.writableFinished) answered += 1;
    });
    let length = 0;
    request.on('data', (chunk) => {
      length += chunk.length;
    });
    // Every other request takes a moment.
    request.on('end', () => {
      const end = () => response.end(`${request.method} ${length}`);
      if (begun % 2 === 0) setTimeout(end, 5);
      else end();
    });
  });

const read = (name) => readFileSync(`${folder}/${name}`);
const server = {
  http1: () => createServer(answer),
  http2: () => createHttp2Server(answer),
  tls: () => createSecureServer({ key: read('key.pem'), cert: read('cert.pem'), allowHTTP1: true }, answer),
}[kind]();
server.on('checkContinue', (request, response) => {
  response.writeContinue();
  answer(request, response);
});
const drain = drainHttpServer(server, keeper, { staggerMs: 100 });
onSignals(keeper, {
  drain: { noticeMs: Number(noticeMs), graceMs: 5_000, deadlineMs: 20_000 },
  finish: async (report) => {
    await drain.closed;
    console.log(`report ${JSON.stringify({ begun, answered, forced: report.sessions.forced, reason: report.reason })}`);
  },
});
keeper.start();
server.listen(Number(port), '127.0.0.1', () => console.log(`port ${server.address().port}`));
