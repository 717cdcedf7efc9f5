import type { Clock } from '@watchkeeper/core';

/** The loop of GoDoxy's monitor as it was written: five checks in a row that break end it for good. */
export class GoMonitor {
  status: 'healthy' | 'unhealthy' | 'error' = 'healthy';
  asked = 0;
  #errors = 0;

  constructor(clock: Clock, intervalMs: number, check: () => Promise<boolean>) {
    const tick = async () => {
      await this.#ask(check);
      if (this.#errors < 5) clock.setTimeout(tick, intervalMs);
    };
    void tick();
  }

  async #ask(check: () => Promise<boolean>): Promise<void> {
    this.asked += 1;
    try {
      this.status = (await check()) ? 'healthy' : 'unhealthy';
      this.#errors = 0;
    } catch {
      this.status = 'error';
      this.#errors += 1;
    }
  }
}
