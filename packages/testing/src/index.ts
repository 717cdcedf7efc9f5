export { type FakeConnection, type FakeConnectionOptions, fakeConnection } from './fakeConnection.ts';
export { type Inbox, inbox } from './inbox.ts';
export { type ScriptedProbe, type ScriptedProbeOptions, scriptedProbe } from './scriptedProbe.ts';
export { settle } from './settle.ts';
export { ClockBusyError, VirtualClock, type VirtualClockOptions } from './virtualClock.ts';
