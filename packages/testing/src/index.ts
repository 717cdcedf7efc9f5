export { type FakeConnection, type FakeConnectionOptions, fakeConnection } from './fakeConnection.ts';
export { type HeapTrend, heapTrend } from './heapTrend.ts';
export { type Inbox, inbox } from './inbox.ts';
export { type ReplayRecord, type ReplayStep, replay } from './replay.ts';
export { ReplayError } from './replayError.ts';
export { type ScriptedProbe, type ScriptedProbeOptions, scriptedProbe } from './scriptedProbe.ts';
export { settle } from './settle.ts';
export type { Violation } from './simulator/court.ts';
export { Dice } from './simulator/dice.ts';
export {
  type SimulationOptions,
  type SimulationProgress,
  type SimulationReport,
  simulate,
} from './simulator/simulate.ts';
export { SimulationError } from './simulator/simulationError.ts';
export { ClockBusyError, VirtualClock, type VirtualClockOptions } from './virtualClock.ts';
