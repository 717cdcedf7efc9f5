import { describe, expect, it } from 'vitest';
import { readPayload, sendableTransitions } from '../web/src/chart/sendableEvents.ts';

const graph = {
  states: [],
  transitions: [
    { from: '', to: 'off', on: 'reset', actions: [] },
    { from: 'off', to: 'on', on: 'flip', actions: [] },
    { from: 'on', to: 'off', on: 'flip', actions: [] },
    { from: 'off', to: 'broken', on: 'hit', actions: [] },
  ],
} as const;

describe('sendableTransitions', () => {
  it('start in an active state or in the root, and need an event that the actor would take now', () => {
    const allowedEvents = ['reset', 'flip'].map((event) => ({ event, canNow: true }));
    expect(
      Array.from(sendableTransitions(graph, ['off'], [...allowedEvents, { event: 'hit', canNow: false }])),
    ).toEqual([0, 1]);
    expect(Array.from(sendableTransitions(graph, ['on'], allowedEvents))).toEqual([0, 2]);
    expect(sendableTransitions(graph, ['off'], []).size).toBe(0);
  });
});

describe('readPayload', () => {
  it.each([
    ['', undefined],
    ['  ', undefined],
    ['{"amount": 5}', { amount: 5 }],
    ['[5]', 'invalid'],
    ['null', 'invalid'],
    ['{"amount"', 'invalid'],
  ])('%j is read as %j', (text, payload) => {
    expect(readPayload(text)).toEqual(payload);
  });
});
