import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathWithSbin } from './foreignTools.ts';
import type { Balancer } from './forwarder.ts';
import { freePorts } from './freePorts.ts';

/** Starts a server of others; it ends with the scope. */
function run(program: string, args: readonly string[]) {
  const child = spawn(program, args, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, PATH: pathWithSbin },
  });
  let complaints = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    complaints += chunk;
  });
  const ended = once(child, 'close');
  return {
    child,
    /** @throws what it said, when it has ended. */
    check: () => {
      if (child.exitCode !== null) throw new Error(`${program} ended: ${complaints}`);
    },
    end: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Resolves when `port` takes connections. */
async function listening(port: number, check: () => void): Promise<void> {
  for (;;) {
    check();
    const socket = connect(port, '127.0.0.1');
    const taken = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (taken) return;
    await pause(20);
  }
}

/**
 * HAProxy, which asks each instance for `/readyz` and tries nothing again. It is told nothing: it finds out.
 *
 * @param http2 whether its own clients speak HTTP/2.
 */
export async function startHaproxy(ports: readonly number[], folder: string, http2 = false): Promise<Balancer> {
  const [port = 0] = await freePorts(1);
  const config = join(folder, 'haproxy.cfg');
  const socket = join(folder, 'haproxy.sock');
  const servers = ports.map((each, index) => `  server s${index} 127.0.0.1:${each} check inter 100ms fall 1 rise 1`);
  writeFileSync(
    config,
    `global
  stats socket ${socket}
defaults
  mode http
  retries 0
  no option redispatch
  option httpchk GET /readyz
  http-check expect status 200
  http-reuse always
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend in
  bind 127.0.0.1:${port}${http2 ? ' proto h2' : ''}
  default_backend instances
backend instances
${servers.join('\n')}
`,
  );
  const { check, end } = run('haproxy', ['-db', '-f', config]);
  await listening(port, check);
  return {
    port,
    async use(given) {
      // It holds all for well until it has asked them: wait until it knows of each, also of who is not there.
      const wanted = given
        .map((each) => `s${ports.indexOf(each)}`)
        .sort()
        .join();
      for (;;) {
        check();
        const ups = await upServers(socket);
        if ([...ups].sort().join() === wanted) return;
        await pause(50);
      }
    },
    [Symbol.asyncDispose]: end,
  };
}

/** Asks HAProxy which servers it holds for well. */
async function upServers(path: string): Promise<ReadonlySet<string>> {
  const socket = connect(path).setEncoding('utf8');
  let text = '';
  socket.on('data', (chunk: string) => {
    text += chunk;
  });
  socket.write('show stat -1 4 -1\n');
  await once(socket, 'close');
  const rows = text.split('\n').map((line) => line.split(','));
  return new Set(rows.flatMap((row) => (row[17]?.startsWith('UP') ? [row[1] ?? ''] : [])));
}

/** nginx, which tries nothing again (`proxy_next_upstream off`), keeps connections, and is reloaded with each change. */
export async function startNginx(ports: readonly number[], folder: string): Promise<Balancer> {
  const [port = 0] = await freePorts(1);
  const config = join(folder, 'nginx.conf');
  const write = (used: readonly number[]) =>
    writeFileSync(
      config,
      `daemon off;
pid ${folder}/nginx.pid;
error_log ${folder}/nginx.log;
worker_processes 1;
events {}
http {
  access_log off;
${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `  ${name}_temp_path ${folder}/${name};`).join('\n')}
  upstream instances {
${used.map((each) => `    server 127.0.0.1:${each} max_fails=0;`).join('\n')}
    keepalive 16;
  }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://instances;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_next_upstream off;
    }
  }
}
`,
    );
  write(ports);
  const { child, check, end } = run('nginx', ['-p', folder, '-c', config]);
  await listening(port, check);
  return {
    port,
    async use(given) {
      write(given);
      child.kill('SIGHUP');
    },
    [Symbol.asyncDispose]: end,
  };
}
