import { type AnyEventObject, createMachine, fromCallback, fromTransition, sendParent } from 'xstate';
import { note } from '../traceNotes.ts';

export const echo = fromCallback<AnyEventObject, { word: string } | undefined>(({ sendBack, receive, input }) => {
  note('echo starts', input);
  receive((event) => {
    note('echo hears', event.type);
    sendBack({ type: `echo.${event.type}` });
  });
  return () => note('echo stops');
});

export const counter = fromTransition(
  (count: number, event: AnyEventObject) => (event.type === 'inc' ? count + 1 : count),
  0,
);

const timed = createMachine({
  initial: 'busy',
  entry: sendParent({ type: 'd' }),
  states: { busy: { after: { 10: 'end' }, on: { inc: 'end' } }, end: { type: 'final' } },
  output: 'timed',
});

export const actors = { echo, counter, timed };
