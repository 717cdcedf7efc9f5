export { type CloseFrame, closeFrameOf, fitReason, type SlowClientCode } from './closeFrame.ts';
export { createHub } from './createHub.ts';
export type { Hub, HubKeeper, UpgradingServer } from './hub.ts';
export type { HubEvent, HubStats, UpgradeRefusal } from './hubEvents.ts';
export { type HubOptions, hubDefaults, type ResolvedHubOptions } from './hubOptions.ts';
