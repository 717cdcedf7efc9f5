import { startReceiver } from './receiver.ts';
import { startTargets, targetNames } from './targets.ts';

// What gateway.yaml watches, and whom it tells. SIGUSR2 takes `web` down and brings it back.
const targets = await startTargets(4_701);
const receiver = await startReceiver(({ service, body }) => {
  console.log(`${service} heard: ${body['title'] ?? body['text']}`);
  return 200;
}, 4_720);

let works = true;
process.on('SIGUSR2', () => {
  works = !works;
  targets.set('web', works);
  console.log(`web ${works ? 'works' : 'is broken'} from now on`);
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, async () => {
    await targets[Symbol.asyncDispose]();
    await receiver[Symbol.asyncDispose]();
  });
}

const [first = '', ...others] = targetNames;
console.log(
  `Serving ${first} and ${others.length} others from port ${targets.ports.web} on; alerts go to ${receiver.port}.`,
);
console.log(`kill -USR2 ${process.pid} breaks web, and mends it. Ctrl-C ends the playground.`);
