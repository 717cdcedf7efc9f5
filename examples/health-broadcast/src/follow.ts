import { Client, credentials } from '@grpc/grpc-js';
import { type ClientMessage, healthzDefinition, type Status } from './healthzProto.ts';

/** A connection of its own: grpc-js would let all clients of a process share one, and a broker keeps one stream of each. */
function connect(target: string): Client {
  return new Client(target, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
}

/** Opens a stream to a broker. */
export function follow(target: string, connection = connect(target)) {
  const { Check } = healthzDefinition;
  if (Check === undefined) throw new Error('healthz.proto has no method Check');
  const stream = connection.makeBidiStreamRequest<ClientMessage, Status>(
    Check.path,
    Check.requestSerialize,
    Check.responseDeserialize,
  );
  return { connection, stream };
}
