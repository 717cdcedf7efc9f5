import { createSecureContext } from 'node:tls';
import {
  type ChannelCredentials,
  type ChannelOptions,
  Client,
  connectivityState,
  credentials,
  type ServiceError,
} from '@grpc/grpc-js';
import { type CallStatus, statusCode } from '../protocol/callStatus.ts';
import { type HealthCheckResponse, healthDefinition, type ServingStatus } from '../protocol/healthProto.ts';
import { hintOf } from '../protocol/migrationHint.ts';
import type { GrpcTarget, TlsOptions } from './grpcTarget.ts';
import type { CheckAnswer, HealthChannel, WatchListener } from './healthChannel.ts';
import { OwnedSockets } from './ownedSockets.ts';
import { type FindAddresses, ownTarget } from './resolverScheme.ts';
import { addressesOf, authorityOf, hostsOf, type ServerAddress } from './targetAddresses.ts';

/** A ping on a silent connection finds a dead one; servers in Go take one in five minutes without complaint. */
const keepaliveMs = 300_000;

/** A connection without calls is ended, so that one whose server is dead shows; the next call makes another. */
const idleMs = 300_000;

const serverGoaway: CallStatus = { code: statusCode.unavailable, details: 'The server is going away' };

/** What a channel is made of. */
export type ChannelTarget = Pick<GrpcTarget, 'target' | 'tls' | 'proxy' | 'resolver' | 'egress'>;

function credentialsOf(tls: TlsOptions | undefined): ChannelCredentials {
  if (tls === undefined) return credentials.createInsecure();
  const { ca, key, cert, minVersion, ciphers } = tls;
  if (minVersion !== undefined || ciphers !== undefined) {
    const given = Object.entries({ ca, key, cert, minVersion, ciphers }).filter(([, part]) => part !== undefined);
    return credentials.createFromSecureContext(createSecureContext(Object.fromEntries(given)));
  }
  const pem = (part: string | Buffer | undefined) => (part === undefined ? null : Buffer.from(part));
  return credentials.createSsl(pem(ca), pem(key), pem(cert));
}

const commonOptions: ChannelOptions = {
  // A pooled connection would outlive the channel, and show the state of another channel's attempts.
  'grpc.use_local_subchannel_pool': 1,
  'grpc.enable_retries': 0,
  'grpc.service_config_disable_resolution': 1,
  'grpc.keepalive_time_ms': keepaliveMs,
  'grpc.client_idle_timeout_ms': idleMs,
  // A proxy is taken when it is asked for, and not because somebody has set a variable for another program.
  'grpc.enable_http_proxy': 0,
};

/** Returns where the channel goes: to the addresses that we find, or to the proxy, or to what has no addresses. */
function destinationOf({ target, proxy, resolver = 'system', egress }: ChannelTarget, find?: FindAddresses) {
  const hosts = hostsOf(target);
  const [first] = hosts ?? [];
  if (hosts === undefined || first === undefined) return { target, options: {} };
  const finding =
    (among: readonly ServerAddress[]): FindAddresses =>
    (signal) =>
      addressesOf(among, { resolver, egress }, signal);
  if (proxy === undefined) return ownTarget(authorityOf(first), find ?? finding(hosts));
  const { hostname, port, username, password } = new URL(proxy);
  const gateway = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || 80 };
  const credentials = [username, password].map(decodeSafely).join(':');
  const tunnel = {
    'grpc.http_connect_target': `dns:${authorityOf(first)}`,
    ...(username === '' && password === '' ? {} : { 'grpc.http_connect_creds': credentials }),
  };
  const { target: own, options } = ownTarget(authorityOf(gateway), finding([gateway]));
  return { target: own, options: { ...options, ...tunnel, 'grpc.default_authority': authorityOf(first) } };
}

function decodeSafely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Returns the name to ask for and to verify; the dot of the root is no part of it (RFC 6066 3). */
function serverNameOptions({ target, tls }: ChannelTarget): ChannelOptions {
  const host = hostsOf(target)?.[0]?.host;
  const name = tls?.serverName ?? (host?.endsWith('.') ? host : undefined);
  return tls === undefined || name === undefined ? {} : { 'grpc.ssl_target_name_override': name.replace(/\.$/, '') };
}

/** A status that a newer protocol may have added counts as unknown. */
function statusOf({ status }: HealthCheckResponse): ServingStatus {
  return typeof status === 'string' ? status : 'UNKNOWN';
}

function clientOf(to: ChannelTarget, find?: FindAddresses): Client {
  const { target, options } = destinationOf(to, find);
  return new Client(target, credentialsOf(to.tls), { ...commonOptions, ...serverNameOptions(to), ...options });
}

/** One connection to one server, made when it is first needed and not shared. */
export class GrpcChannel implements HealthChannel {
  readonly #to: ChannelTarget;
  readonly #find: FindAddresses | undefined;
  readonly #sockets = new OwnedSockets();
  #client: Client;
  readonly #reactions = new Set<() => void>();
  #isFollowed = false;

  /** @param find finds the addresses, where they are known already. */
  constructor(to: ChannelTarget, find?: FindAddresses) {
    this.#to = to;
    this.#find = find;
    this.#client = this.#sockets.during(() => clientOf(to, find));
  }

  get isConnected(): boolean {
    return this.#client.getChannel().getConnectivityState(false) === connectivityState.READY;
  }

  check(service: string, timeoutMs: number, signal: AbortSignal): Promise<CheckAnswer> {
    const { path, requestSerialize, responseDeserialize } = healthDefinition.Check;
    return new Promise((resolve) => {
      const done = (error: ServiceError | null, response?: HealthCheckResponse) => {
        signal.removeEventListener('abort', cancel);
        if (response !== undefined) resolve({ status: statusOf(response) });
        else if (error?.code === statusCode.notFound) resolve({ status: 'SERVICE_UNKNOWN' });
        else resolve({ failure: { code: error?.code ?? statusCode.unknown, details: error?.details ?? 'No answer' } });
      };
      const options = { deadline: Date.now() + timeoutMs };
      const call = this.#sockets.during(() =>
        this.#connectable().makeUnaryRequest(path, requestSerialize, responseDeserialize, { service }, options, done),
      );
      const cancel = () => call.cancel();
      signal.addEventListener('abort', cancel, { once: true });
      if (signal.aborted) cancel();
    });
  }

  watch(service: string, listener: WatchListener): () => void {
    const { path, requestSerialize, responseDeserialize } = healthDefinition.Watch;
    const call = this.#sockets.during(() =>
      this.#connectable().makeServerStreamRequest(path, requestSerialize, responseDeserialize, { service }),
    );
    let isOver = false;
    let forget: (() => void) | undefined;
    const end = (how: CallStatus) => {
      if (isOver) return;
      isOver = true;
      forget?.();
      listener.ended(how);
    };
    call.on('data', (response: HealthCheckResponse) => {
      if (isOver) return;
      // A server that says goaway closes the channel to new calls, but leaves this one open.
      forget ??= this.onceDisconnected(() => end(serverGoaway));
      listener.heard(statusOf(response));
    });
    call.on('error', () => {
      // The status says the same, and comes for a good end too.
    });
    call.on('status', ({ code, details, metadata }) => {
      const hint = hintOf(metadata);
      end({ code, details, ...(hint === undefined ? {} : { hint }) });
    });
    return () => {
      isOver = true;
      forget?.();
      call.cancel();
    };
  }

  onceDisconnected(react: () => void): () => void {
    this.#reactions.add(react);
    this.#follow();
    return () => this.#reactions.delete(react);
  }

  close(): void {
    const isReady = this.isConnected;
    this.#client.close();
    this.#sockets.close(isReady);
  }

  /** @returns the client, a new one where the last attempt failed: its own back-off would fail ours unasked. */
  #connectable(): Client {
    if (this.#client.getChannel().getConnectivityState(false) === connectivityState.TRANSIENT_FAILURE) {
      this.#client.close();
      this.#client = clientOf(this.#to, this.#find);
    }
    return this.#client;
  }

  /** One watcher for all who wait: the library has no way to take one back. */
  #follow(): void {
    if (this.#isFollowed) return;
    this.#isFollowed = true;
    const react = () => {
      this.#isFollowed = false;
      const reactions = [...this.#reactions];
      this.#reactions.clear();
      for (const each of reactions) each();
    };
    if (!this.isConnected) queueMicrotask(react);
    else this.#client.getChannel().watchConnectivityState(connectivityState.READY, Number.POSITIVE_INFINITY, react);
  }
}
