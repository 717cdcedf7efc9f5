import { startBroker } from './broker.ts';
import { follow } from './follow.ts';

// A broker with two clients. SIGUSR2 tells them to connect anew, SIGTERM or ctrl-C ends it in order.
const broker = await startBroker({ port: Number(process.env['PORT'] ?? 50051) });
console.log(`broker on 127.0.0.1:${broker.port}; send SIGUSR2 to ${process.pid} for a rebalance, SIGTERM to stop`);

function join(name: string): void {
  const { connection, stream } = follow(`127.0.0.1:${broker.port}`);
  stream.on('data', ({ code, cpu_availability, memory_availability }) => {
    console.log(`${name}: ${code}, cpu ${cpu_availability.toFixed(2)}, memory ${memory_availability.toFixed(2)} free`);
    if (code !== 'GOAWAY') return;
    stream.cancel();
    if (broker.keeper.phase === 'running') setTimeout(join, 500 + Math.random() * 1_000, name);
  });
  stream.on('error', () => {});
  stream.on('status', ({ details }) => {
    console.log(`${name}: ended (${details})`);
    connection.close();
  });
}

join('alpha');
join('beta');

process.on('SIGUSR2', () => broker.rebalance());
let stopping = false;
// Not once: ctrl-C comes twice, from the terminal and from npm, and the second would kill.
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (!stopping) void stop();
    stopping = true;
  });
}

async function stop(): Promise<void> {
  const { sessions, server } = await broker.stop();
  console.log(`stopped: ${sessions.early} left by themselves, ${sessions.forced} were cut; server ${server}`);
}
