export { InvalidOptionError } from './errors.ts';
export {
  type BoardIncident,
  type BoardSnapshot,
  type BoardTarget,
  createStatusBoard,
  type StatusBoard,
} from './statusBoard.ts';
export { type BoardGroup, type StatusBoardOptions, statusBoardDefaults } from './statusBoardOptions.ts';
export type { PublicHealth, UptimeBar } from './uptime.ts';
