import { type SessionContext, sessionMachine } from '../../../src/session/sessionMachine.ts';
import { type ChartExploration, limits } from '../chartExploration.ts';
import { outsideEvents } from '../events.ts';

const listener = { send: () => {} };
const goaway = (graceMs: number) => ({ type: 'goaway', reason: 'draining', graceMs, at: 0 });

/** How the chart of a session is explored. */
export function sessionChart(): ChartExploration {
  const events = [
    { type: 'drain', notice: goaway(100) },
    { type: 'drain', notice: goaway(0) },
    { type: 'force', reason: 'forced' },
    { type: 'abandon', reason: 'forced' },
    { type: 'end', reason: 'peer' },
    { type: 'end', reason: 'stalled' },
    { type: 'peer.goaway', timeoutMs: 10 },
    { type: 'peer.overdue' },
    { type: 'age.limit', limitMs: 50 },
    { type: 'age.reached' },
    { type: 'goaway.failed' },
    { type: 'connection.closed' },
    { type: 'close.failed' },
    ...outsideEvents(sessionMachine),
  ];
  const remembers = ({ peerLeaving, forced, reason }: SessionContext) => [peerLeaving, forced, reason];
  const modes = ['stay', 'close'].map((onPeerGoaway) => ({ closeTimeoutMs: 10, onPeerGoaway }));
  return {
    machine: sessionMachine,
    explorations: modes.map((settings) => ({ ...limits, input: { id: '1', settings, listener }, events, remembers })),
  };
}
