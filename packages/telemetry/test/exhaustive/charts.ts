import { archiveMachine } from '../../src/archive/archiveMachine.ts';

/** The charts of this package, and how each is explored. */
export const charts = () => [
  {
    machine: archiveMachine,
    explorations: [
      {
        input: { intervalMs: 60_000, urgentMs: 1_000 },
        events: [
          ...['saveSoon', 'close'].map((type) => ({ type })),
          ...['saving', 'savingLast', 'releasing'].flatMap((state) =>
            ['done', 'error'].map((end) => ({ type: `xstate.${end}.actor.0.archive.${state}` })),
          ),
        ],
        remembers: ({ isDueAgain, isLast }: { isDueAgain: boolean; isLast: boolean }) => [isDueAgain, isLast],
      },
    ],
  },
];
