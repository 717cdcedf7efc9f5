export { type CloseFrame, closeFrameOf, fitReason, type SlowClientCode } from './closeFrame.ts';
export { createHub } from './createHub.ts';
export { ClientLimitError } from './errors.ts';
export type { AllowOrigin, Authenticate, Grant } from './grant.ts';
export type { UpgradeRefusal } from './handshake.ts';
export type { Hub, HubKeeper, UpgradingServer } from './hub.ts';
export type { HubEvent, HubStats } from './hubEvents.ts';
export { type ClientNotifierOptions, type HubOptions, hubDefaults, type ResolvedHubOptions } from './hubOptions.ts';
export type { Edition, SnapshotFeed, SnapshotOptions, SnapshotSource } from './snapshot.ts';
