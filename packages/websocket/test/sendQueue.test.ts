import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';
import { sendQueueMachine } from '../src/connection/sendQueueMachine.ts';
import { pledge } from './support/testHub.ts';

/** A send queue whose client takes one frame each time `take` is called. */
function startSendQueue(maxQueued: number) {
  const sent: string[] = [];
  let taken = pledge<void>();
  const send = ({ frame }: { readonly frame: Buffer }) => {
    sent.push(String(frame));
    taken = pledge();
    return taken.promise;
  };
  const actor = createActor(sendQueueMachine, { input: { send, maxQueued } }).start();
  const offer = (frame: string, latestOf?: string) =>
    actor.send({
      type: 'enqueue',
      queued: { frame: Buffer.from(frame), ...(latestOf === undefined ? {} : { latestOf }) },
    });
  const take = async () => {
    taken.resolve();
    await taken.promise;
    await undefined;
  };
  return { actor, sent, offer, take };
}

describe('the send queue of a client', () => {
  it('sends one frame at a time, in their order', async () => {
    const { sent, offer, take } = startSendQueue(10);
    for (const frame of ['a', 'b', 'c']) offer(frame);
    expect(sent).toEqual(['a']);
    await take();
    await take();
    expect(sent).toEqual(['a', 'b', 'c']);
  });

  it('lets a later frame of which only the latest counts take its place at the end', async () => {
    const { sent, offer, take } = startSendQueue(3);
    offer('a');
    offer('old', 'overview');
    offer('b');
    offer('new', 'overview');
    offer('other', 'detail');
    for (let n = 0; n < 3; n += 1) await take();
    expect(sent).toEqual(['a', 'b', 'new', 'other']);
  });

  it('ends when its queue is full and counts what will never be told, the frame that did not fit too (INV-21)', () => {
    const { actor, offer } = startSendQueue(2);
    for (const frame of ['in flight', 'waits', 'waits', 'too many']) offer(frame);
    expect(actor.getSnapshot()).toMatchObject({ status: 'done', output: { lost: 3 } });
  });

  it('sends all that waits when it is to finish (INV-22)', () => {
    const { actor, sent, offer } = startSendQueue(10);
    for (const frame of ['a', 'b', 'c']) offer(frame);
    actor.send({ type: 'finish' });
    expect(sent).toEqual(['a', 'b', 'c']);
    expect(actor.getSnapshot()).toMatchObject({ status: 'done', output: { lost: 0 } });
  });
});
