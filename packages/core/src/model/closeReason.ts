import { oneOf, requireOption } from '../rules.ts';

/** Why a session or a notifier ended. */
export type CloseReason = 'peer' | 'replaced' | 'stalled' | 'goaway' | 'forced' | 'stopped' | 'failed';

const closeReasonRule = oneOf('peer', 'replaced', 'stalled', 'goaway', 'forced', 'stopped', 'failed');

/** @throws {@link InvalidOptionError} when `reason` is none. */
export function requireCloseReason(option: string, reason: CloseReason): void {
  requireOption(option, closeReasonRule, reason);
}

/** Returns a promise of why an actor ended: `failed` when it died of an error of its own. Never rejects. */
export function closeReasonOf(actor: {
  getSnapshot(): { status: string; output: { reason: CloseReason } | undefined };
  subscribe(observer: { complete: () => void; error: () => void }): unknown;
}): Promise<CloseReason> {
  const { status, output } = actor.getSnapshot();
  if (status !== 'active') return Promise.resolve(output?.reason ?? 'failed');
  return new Promise((resolve) => {
    const finish = () => resolve(actor.getSnapshot().output?.reason ?? 'failed');
    actor.subscribe({ complete: finish, error: finish });
  });
}
