export type { Clock } from './clock.ts';
export {
  DuplicateIdError,
  InvalidOptionError,
  NotAdmittingError,
  ReservationSpentError,
  WatchkeeperError,
} from './errors.ts';
