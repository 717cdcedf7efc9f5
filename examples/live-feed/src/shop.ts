/** One order, as every client is told of it. */
export type Order = {
  readonly number: number;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly what: string;
  readonly cents: number;
  readonly outcome: 'paid' | 'declined';
  readonly tookMs: number;
};

/** The shop's books: only the latest state counts, not how it came about. */
export type Figures = {
  readonly orders: number;
  readonly declined: number;
  readonly cents: number;
  /** The share of the last twenty orders that was declined. */
  readonly declinedLately: number;
};

const goods = ['a kettle', 'two cups', 'green tea', 'a tray', 'honey', 'a spoon', 'lemon biscuits'];
const prices = [3_900, 1_800, 650, 2_400, 720, 480, 560];
const lately = 20;

/** Takes orders, asks for the money, and keeps the books. */
export class Shop {
  readonly #paymentsUrl: string;
  readonly #outcomes: Order['outcome'][] = [];
  #orders = 0;
  #declined = 0;
  #cents = 0;

  constructor(paymentsUrl: string) {
    this.#paymentsUrl = paymentsUrl;
  }

  /** Grows with every order. */
  get revision(): number {
    return this.#orders;
  }

  get figures(): Figures {
    const recent = this.#outcomes.slice(-lately);
    return {
      orders: this.#orders,
      declined: this.#declined,
      cents: this.#cents,
      declinedLately: recent.filter((outcome) => outcome === 'declined').length / Math.max(1, recent.length),
    };
  }

  /** One customer, from the counter to the door. */
  async order(signal: AbortSignal): Promise<Order> {
    const startedAt = performance.now();
    const { ok } = await fetch(this.#paymentsUrl, { method: 'POST', signal }).catch(() => ({ ok: false }));
    const choice = Math.floor(Math.random() * goods.length);
    const order: Order = {
      number: this.#orders + 1,
      at: Date.now(),
      what: goods[choice] ?? '',
      cents: prices[choice] ?? 0,
      outcome: ok ? 'paid' : 'declined',
      tookMs: performance.now() - startedAt,
    };
    this.#orders += 1;
    if (ok) this.#cents += order.cents;
    else this.#declined += 1;
    this.#outcomes.push(order.outcome);
    if (this.#outcomes.length > lately) this.#outcomes.shift();
    return order;
  }
}
