/** Counts of successes and failures within a sliding window, in a fixed number of slots. */
export interface OutcomeWindow {
  record(now: number, success: boolean): void;
  count(now: number): { readonly total: number; readonly failures: number };
}

const slotCount = 10;

export function outcomeWindow(windowMs: number): OutcomeWindow {
  const slotMs = windowMs / slotCount;
  const slots = Array.from({ length: slotCount }, () => ({ epoch: -1, total: 0, failures: 0 }));
  const epochAt = (now: number): number => Math.floor(now / slotMs);
  return {
    record(now, success) {
      const epoch = epochAt(now);
      const slot = slots[((epoch % slotCount) + slotCount) % slotCount];
      if (!slot) return;
      if (slot.epoch !== epoch) Object.assign(slot, { epoch, total: 0, failures: 0 });
      slot.total += 1;
      if (!success) slot.failures += 1;
    },
    count(now) {
      const oldest = epochAt(now) - slotCount;
      const fresh = slots.filter(({ epoch }) => epoch > oldest && epoch <= epochAt(now));
      return {
        total: fresh.reduce((sum, slot) => sum + slot.total, 0),
        failures: fresh.reduce((sum, slot) => sum + slot.failures, 0),
      };
    },
  };
}
