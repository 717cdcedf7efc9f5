export { settle } from './settle.ts';
export { ClockBusyError, VirtualClock, type VirtualClockOptions } from './virtualClock.ts';
