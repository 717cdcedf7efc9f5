export { InvalidOptionError } from '@watchkeeper/core/options';
export { createStatusBoard, type StatusBoard } from './statusBoard/statusBoard.ts';
export { type BoardGroup, type StatusBoardOptions, statusBoardDefaults } from './statusBoard/statusBoardOptions.ts';
export type { BoardIncident, BoardSnapshot, BoardTarget } from './statusBoard/statusBoardSnapshot.ts';
export type { PublicHealth, UptimeBar } from './statusBoard/uptime.ts';
