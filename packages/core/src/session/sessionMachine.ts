import { type ActorRef, assertEvent, assign, raise, type Snapshot, sendTo, setup } from 'xstate';
import type { CompiledLogic } from '../compile/compile.ts';
import type { SessionEvent } from '../events/events.ts';
import type { CloseReason } from '../model/closeReason.ts';
import type { GoawayNotice } from '../model/notice.ts';
import type { ActorOf } from '../registry/ended.ts';
import type { Slot } from './admission.ts';
import type { ConnectionEvent, ConnectionPort } from './connectionPort.ts';

/** Settings that all sessions of a supervisor share. */
export interface SessionSettings {
  /** How long a close may take before the session counts as ended all the same, in milliseconds. */
  readonly closeTimeoutMs: number;
  /** Whether a session whose peer announces that it is going stays open until the peer ends it. */
  readonly onPeerGoaway: 'stay' | 'close';
}

/** Input of the session machine. */
export interface SessionInput {
  readonly id: string;
  readonly slot: Slot;
  readonly connection: ConnectionPort;
  readonly settings: SessionSettings;
  /** Receives every event of this session. */
  readonly listener: ActorRef<Snapshot<unknown>, SessionEvent | SessionAged>;
}

/** Context of the session machine. */
export interface SessionContext extends SessionInput {
  readonly notice: GoawayNotice | undefined;
  readonly peerLeaving: boolean;
  readonly forced: boolean;
  readonly unfinished: boolean;
  readonly reason: CloseReason;
}

/** Events that others send to a session. `end` with `peer` says that the connection has gone already. */
export type SessionCommand =
  | { readonly type: 'drain'; readonly notice: GoawayNotice }
  | { readonly type: 'force'; readonly reason: CloseReason }
  /** The supervisor ends: nothing is waited for any more. */
  | { readonly type: 'abandon'; readonly reason: CloseReason }
  | { readonly type: 'end'; readonly reason: CloseReason }
  | { readonly type: 'peer.goaway'; readonly timeoutMs: number }
  /** The time is over that the peer stated for leaving. */
  | { readonly type: 'peer.overdue' }
  /** It may become this old, in milliseconds from now. */
  | { readonly type: 'age.limit'; readonly limitMs: number }
  | { readonly type: 'age.reached' };

/** What a session tells its supervisor beside its events: it is as old as it may be, and is to be told to go. */
export interface SessionAged {
  readonly type: 'session.aged';
  readonly id: string;
}

/** Output of the session machine. */
export interface SessionOutput {
  readonly reason: CloseReason;
  /** Whether it was closed before its client left. */
  readonly forced: boolean;
  /** Whether its connection had not closed when we stopped waiting for that. */
  readonly unfinished: boolean;
}

/**
 * Owns one admitted connection, from open to closed: it alone tells the peer to go, and it alone closes.
 * @internal
 */
export const sessionMachine = setup({
  types: {
    context: {} as SessionContext,
    events: {} as SessionCommand | ConnectionEvent,
    input: {} as SessionInput,
    output: {} as SessionOutput,
  },
  actions: {
    keepNotice: assign(({ event }) => {
      assertEvent(event, 'drain');
      return { notice: event.notice };
    }),
    notePeerLeaving: assign({ peerLeaving: true }),
    reportPeerLeaving: sendTo(
      ({ context }) => context.listener,
      ({ context: { id }, event }): SessionEvent => {
        assertEvent(event, 'peer.goaway');
        return { type: 'peer.leaving', id, timeoutMs: event.timeoutMs };
      },
    ),
    armAgeLimit: raise({ type: 'age.reached' }, { delay: 'ageLimit' }),
    reportAge: sendTo(
      ({ context }) => context.listener,
      ({ context: { id } }): SessionAged => ({ type: 'session.aged', id }),
    ),
    armPeerTimeout: raise({ type: 'peer.overdue' }, { delay: 'peerTimeout' }),
    setReason: assign({ reason: (_, reason: CloseReason) => reason }),
    noteForce: assign((_, reason: CloseReason) => ({ forced: true, reason })),
    noteUnfinished: assign({ unfinished: true }),
    sendGoaway: ({ context, self }) => {
      if (context.notice !== undefined) context.connection.goaway(context.notice, (event) => self.send(event));
    },
    closeConnection: ({ context, self }) => context.connection.close(context.reason, (event) => self.send(event)),
    reportFailure: sendTo(
      ({ context }) => context.listener,
      ({ context, event }): SessionEvent => {
        assertEvent(event, ['goaway.failed', 'close.failed']);
        return { type: event.type, id: context.id, cause: event.cause };
      },
    ),
  },
  guards: {
    hasGrace: ({ event }) => event.type === 'drain' && event.notice.graceMs > 0,
    isLeavingAlready: ({ context }) => context.peerLeaving,
    endsWithPeer: ({ context }) => context.settings.onPeerGoaway === 'close',
    isGone: ({ event }) => event.type === 'end' && event.reason === 'peer',
  },
  delays: {
    grace: ({ context }) => context.notice?.graceMs ?? 0,
    closeTimeout: ({ context }) => context.settings.closeTimeoutMs,
    ageLimit: ({ event }) => (event.type === 'age.limit' ? event.limitMs : 0),
    peerTimeout: ({ event }) => (event.type === 'peer.goaway' ? event.timeoutMs : 0),
  },
}).createMachine({
  id: 'session',
  // Named one by one, so that the engine lays a context out in one piece, for good.
  context: ({ input: { id, slot, connection, settings, listener } }) => ({
    id,
    slot,
    connection,
    settings,
    listener,
    notice: undefined,
    peerLeaving: false,
    forced: false,
    unfinished: false,
    reason: 'stopped',
  }),
  initial: 'open',
  output: ({ context: { reason, forced, unfinished } }) => ({ reason, forced, unfinished }),
  on: {
    'peer.goaway': [
      { guard: 'isLeavingAlready' },
      { guard: 'endsWithPeer', actions: ['notePeerLeaving', 'reportPeerLeaving', 'armPeerTimeout'] },
      { actions: ['notePeerLeaving', 'reportPeerLeaving'] },
    ],
  },
  states: {
    open: {
      on: {
        drain: [
          { guard: 'hasGrace', target: 'draining', actions: 'keepNotice' },
          { target: 'closing', actions: { type: 'noteForce', params: 'forced' } },
        ],
        force: { target: 'closing', actions: { type: 'noteForce', params: ({ event }) => event.reason } },
        abandon: {
          target: 'closed',
          actions: [{ type: 'noteForce', params: ({ event }) => event.reason }, 'noteUnfinished', 'closeConnection'],
        },
        'peer.overdue': { target: 'closing', actions: { type: 'setReason', params: 'peer' } },
        'age.limit': { actions: 'armAgeLimit' },
        'age.reached': { actions: 'reportAge' },
        end: [
          { guard: 'isGone', target: 'closed', actions: { type: 'setReason', params: 'peer' } },
          { target: 'closing', actions: { type: 'setReason', params: ({ event }) => event.reason } },
        ],
      },
    },
    draining: {
      entry: 'sendGoaway',
      after: { grace: { target: 'closing', actions: { type: 'noteForce', params: 'forced' } } },
      on: {
        force: { target: 'closing', actions: { type: 'noteForce', params: ({ event }) => event.reason } },
        abandon: {
          target: 'closed',
          actions: [{ type: 'noteForce', params: ({ event }) => event.reason }, 'noteUnfinished', 'closeConnection'],
        },
        'peer.overdue': { target: 'closing', actions: { type: 'setReason', params: 'goaway' } },
        end: [
          { guard: 'isGone', target: 'closed', actions: { type: 'setReason', params: 'goaway' } },
          { target: 'closing', actions: { type: 'setReason', params: ({ event }) => event.reason } },
        ],
        'goaway.failed': { target: 'closing', actions: ['reportFailure', { type: 'setReason', params: 'failed' }] },
      },
    },
    closing: {
      entry: 'closeConnection',
      after: { closeTimeout: { target: 'closed', actions: 'noteUnfinished' } },
      on: {
        abandon: { target: 'closed', actions: 'noteUnfinished' },
        end: { guard: 'isGone', target: 'closed' },
        'connection.closed': 'closed',
        'close.failed': { target: 'closed', actions: 'reportFailure' },
      },
    },
    closed: { type: 'final' },
  },
});

/** The compiled chart of a session. */
export type SessionLogic = CompiledLogic<typeof sessionMachine>;

/** The running actor of a session. */
export type SessionActor = ActorOf<SessionLogic>;
