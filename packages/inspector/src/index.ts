export type { CommandRecord } from './commands.ts';
export { InvalidOptionError, NoFreePortError } from './errors.ts';
export type { CommandName } from './inbound.ts';
export { type InspectedKeeper, type Inspector, inspect, mostInboundBytes } from './inspect.ts';
export { type InspectOptions, inspectDefaults } from './inspectOptions.ts';
export { portsTried } from './listen.ts';
export { mostUnreadBytes } from './viewer.ts';
