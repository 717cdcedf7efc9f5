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

/** A ping on a silent connection finds a dead one; servers in Go take one in five minutes without complaint. */
const keepaliveMs = 300_000;

/** A connection without calls is ended, so that one whose server is dead shows; the next call makes another. */
const idleMs = 300_000;

const serverGoaway: CallStatus = { code: statusCode.unavailable, details: 'The server is going away' };

function credentialsOf(tls: TlsOptions | undefined): ChannelCredentials {
  if (tls === undefined) return credentials.createInsecure();
  const pem = (part: string | Buffer | undefined) => (part === undefined ? null : Buffer.from(part));
  return credentials.createSsl(pem(tls.ca), pem(tls.key), pem(tls.cert));
}

function optionsOf(tls: TlsOptions | undefined): ChannelOptions {
  return {
    // A pooled connection would outlive the channel, and show the state of another channel's attempts.
    'grpc.use_local_subchannel_pool': 1,
    'grpc.enable_retries': 0,
    'grpc.service_config_disable_resolution': 1,
    'grpc.keepalive_time_ms': keepaliveMs,
    'grpc.client_idle_timeout_ms': idleMs,
    ...(tls?.serverName === undefined ? {} : { 'grpc.ssl_target_name_override': tls.serverName }),
  };
}

/** A status that a newer protocol may have added counts as unknown. */
function statusOf({ status }: HealthCheckResponse): ServingStatus {
  return typeof status === 'string' ? status : 'UNKNOWN';
}

function clientOf({ target, tls }: Pick<GrpcTarget, 'target' | 'tls'>): Client {
  return new Client(target, credentialsOf(tls), optionsOf(tls));
}

/** One connection to one server, made when it is first needed and not shared. */
export class GrpcChannel implements HealthChannel {
  readonly #to: Pick<GrpcTarget, 'target' | 'tls'>;
  #client: Client;
  readonly #reactions = new Set<() => void>();
  #isFollowed = false;

  constructor(to: Pick<GrpcTarget, 'target' | 'tls'>) {
    this.#to = to;
    this.#client = clientOf(to);
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
      const call = this.#connectable().makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        { service },
        options,
        done,
      );
      const cancel = () => call.cancel();
      signal.addEventListener('abort', cancel, { once: true });
      if (signal.aborted) cancel();
    });
  }

  watch(service: string, listener: WatchListener): () => void {
    const { path, requestSerialize, responseDeserialize } = healthDefinition.Watch;
    const call = this.#connectable().makeServerStreamRequest(path, requestSerialize, responseDeserialize, { service });
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
    this.#client.close();
  }

  /** @returns the client, a new one where the last attempt failed: its own back-off would fail ours unasked. */
  #connectable(): Client {
    if (this.#client.getChannel().getConnectivityState(false) === connectivityState.TRANSIENT_FAILURE) {
      this.#client.close();
      this.#client = clientOf(this.#to);
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
