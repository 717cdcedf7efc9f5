export { type CloseFrame, closeFrameOf, fitReason, type SlowClientCode } from './connection/closeFrame.ts';
export { createHub } from './hub/createHub.ts';
export { ClientLimitError } from './hub/errors.ts';
export type { Hub, HubSupervisor, UpgradingServer } from './hub/hub.ts';
export type { HubEvent, HubStats } from './hub/hubEvents.ts';
export { type ClientNotifierOptions, type HubOptions, hubDefaults, type ResolvedHubOptions } from './hub/hubOptions.ts';
export type { Edition, SnapshotFeed, SnapshotOptions, SnapshotSource } from './snapshots/snapshot.ts';
export type { AllowOrigin, Authenticate, Grant } from './upgrade/grant.ts';
export type { UpgradeRefusal } from './upgrade/refuseUpgrade.ts';
