export { type ClientInput, type ClientOutput, clientMachine } from './clientMachine.ts';
export { type ClientOptions, clientDefaults, type ResolvedClientOptions } from './clientOptions.ts';
export { type Client, type ClientState, createClient } from './createClient.ts';
export type { CursorFrame, EntriesFrame, Frame, MissedFrame, ReceivedFrame, SnapshotFrame } from './frame.ts';
export type { ClientSocket, Connect, SocketEvent } from './socketActor.ts';
