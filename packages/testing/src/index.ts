export { settle } from './clock/settle.ts';
export { ClockBusyError, VirtualClock, type VirtualClockOptions } from './clock/virtualClock.ts';
export {
  type Exploration,
  type ExploreOptions,
  explore,
  exploreDefaults,
  type Law,
  type LawBreach,
} from './explore/explore.ts';
export type { ChartCoverage, Covered } from './explore/exploredChart.ts';
export {
  type Addressed,
  type ExploreProductOptions,
  exploreProduct,
  exploreProductDefaults,
  type ProductBreach,
  type ProductExploration,
  type ProductLaw,
  type ProductSnapshot,
} from './explore/exploreProduct.ts';
export { type FakeConnection, type FakeConnectionOptions, fakeConnection } from './fakes/fakeConnection.ts';
export { type Inbox, inbox } from './fakes/inbox.ts';
export { type ScriptedProbe, type ScriptedProbeOptions, scriptedProbe } from './fakes/scriptedProbe.ts';
export { type HeapTrend, heapTrend } from './heapTrend.ts';
export { type ReplayRecord, type ReplayStep, replay } from './replay/replay.ts';
export { ReplayError } from './replay/replayError.ts';
export { SeededRandom } from './simulator/seededRandom.ts';
export {
  type SimulationOptions,
  type SimulationProgress,
  type SimulationReport,
  simulate,
} from './simulator/simulate.ts';
export { SimulationError, type SimulationStory } from './simulator/simulationError.ts';
export type { Violation } from './simulator/violations.ts';
