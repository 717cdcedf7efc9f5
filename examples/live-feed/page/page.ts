import { EventFeed } from './eventFeed.ts';
import type { Connection, Reader } from './frame.ts';
import { Screen } from './screen.ts';
import { SocketFeed } from './socketFeed.ts';

const form = document.querySelector('form');
const topics = form?.querySelector<HTMLFieldSetElement>('#topics');
const screen = new Screen();
const reader: Reader = {
  frame: (frame) => screen.show(frame),
  state: (state, words) => screen.state(state, words),
};

/** `health` stands for every topic of health there is. */
const wanted = (): string[] =>
  new FormData(form ?? undefined)
    .getAll('topic')
    .flatMap((topic) => (topic === 'health' ? ['', 'payments', 'shop'] : [String(topic)]));

const isOverSocket = (): boolean => new FormData(form ?? undefined).get('over') === 'socket';

const connect = (): Connection => (isOverSocket() ? new SocketFeed(wanted(), reader) : new EventFeed(reader));

let connection = connect();

form?.addEventListener('change', ({ target }) => {
  if (!(target instanceof HTMLInputElement)) return;
  if (target.name === 'topic') {
    if (!target.checked) screen.forget(target.value);
    connection.subscribe(wanted());
    return;
  }
  connection.close();
  for (const topic of ['health', 'figures', 'orders']) screen.forget(topic);
  // Server-sent events carry the health of everything, and nothing else.
  if (topics) topics.disabled = !isOverSocket();
  connection = connect();
});
