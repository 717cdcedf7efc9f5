import type { Feed } from './feed.ts';
import type { Payments } from './payments.ts';
import type { Shop } from './shop.ts';

/** How long the money can be taken, then not, in milliseconds. */
const upMs = 20_000;
const downMs = 6_000;

/** The longest time between two customers, in milliseconds. */
const lullMs = 600;

/** Lets customers come and payments go away now and then, until told to close. */
export function trade(shop: Shop, payments: Payments, { hub, figures }: Feed): AsyncDisposable {
  const closing = new AbortController();
  const serve = async () => {
    while (!closing.signal.aborted) {
      hub.publish('orders', await shop.order(closing.signal));
      figures.touch();
      await pause(Math.random() * lullMs, closing.signal);
    }
  };
  const falter = async () => {
    while (!closing.signal.aborted) {
      await pause(payments.isUp ? upMs : downMs, closing.signal);
      payments.isUp = !payments.isUp;
    }
  };
  const closed = Promise.all([serve(), falter()]);
  return {
    async [Symbol.asyncDispose]() {
      closing.abort();
      await closed;
    },
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const wake = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      resolve();
    };
    const timer = setTimeout(wake, ms);
    signal.addEventListener('abort', wake);
    if (signal.aborted) wake();
  });
}
