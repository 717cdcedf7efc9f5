import type { CloseReason } from '@watchkeeper/core';

/** Why an upgrade was not granted. */
export type UpgradeRefusal = 'capacity' | 'draining' | 'handshake';

/** Something that happened at a hub. `clients` is how many there were right after it. */
export type HubEvent =
  | { readonly type: 'client.opened'; readonly id: string; readonly peer: string; readonly clients: number }
  | { readonly type: 'client.closed'; readonly id: string; readonly reason: CloseReason; readonly clients: number }
  /** The peer broke the protocol, or its socket failed. The client's end follows. */
  | { readonly type: 'client.failed'; readonly id: string; readonly cause: unknown }
  | {
      readonly type: 'upgrade.refused';
      readonly reason: UpgradeRefusal;
      readonly peer: string;
      readonly status: number;
    };

/** Figures of one moment. Plain and serialisable. */
export type HubStats = {
  readonly clients: number;
  readonly refused: number;
};
