export { InvalidOptionError } from '@watchkeeper/core/options';
export {
  type BoardIncident,
  type BoardSnapshot,
  type BoardTarget,
  createStatusBoard,
  type StatusBoard,
} from './statusBoard/statusBoard.ts';
export { type BoardGroup, type StatusBoardOptions, statusBoardDefaults } from './statusBoard/statusBoardOptions.ts';
export type { PublicHealth, UptimeBar } from './statusBoard/uptime.ts';
