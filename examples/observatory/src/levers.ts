import type { Supervisor } from '@watchkeeper/core';
import type { Crowd } from './crowd.ts';
import type { Fuse } from './fuse.ts';
import type { Target } from './targets.ts';

/** The parts that levers change. */
export interface Machinery {
  readonly keeper: Supervisor;
  readonly crowd: Crowd;
  readonly fuse: Fuse;
  /** Ends the program as a signal would. */
  readonly end: () => void;
}

/** Something that can be done to one target. */
export interface TargetLever {
  readonly key: string;
  readonly name: string;
  readonly does: string;
  /** Whether it is what is wrong with the target now. */
  isOn?(target: Target): boolean;
  pull(target: Target, machinery: Machinery): void;
}

/** Something that can be done to the whole; answers what came of it. */
export interface MainLever {
  readonly key: string;
  readonly name: string;
  readonly does: string;
  pull(machinery: Machinery): string | Promise<string>;
}

const trouble = (key: string, name: 'down' | 'slow' | 'reset', does: string): TargetLever => ({
  key,
  name,
  does,
  isOn: ({ port }) => port?.trouble === name,
  pull({ port }) {
    if (port !== undefined) port.trouble = name;
  },
});

export const targetLevers: readonly TargetLever[] = [
  {
    key: 'w',
    name: 'well',
    does: 'nothing is wrong with it',
    isOn: ({ port, isBroken }) => !isBroken && (port === undefined || port.trouble === 'none'),
    pull(target) {
      target.isBroken = false;
      if (target.port !== undefined) target.port.trouble = 'none';
    },
  },
  trouble('d', 'down', 'it refuses connections'),
  trouble('s', 'slow', 'it answers a second late'),
  trouble('r', 'reset', 'it resets every connection'),
  {
    key: 'b',
    name: 'broken',
    does: 'its check throws; after three times it is in error',
    isOn: ({ isBroken }) => isBroken,
    pull(target) {
      target.isBroken = true;
    },
  },
  {
    key: 'p',
    name: 'pause',
    does: 'it is not asked for ten seconds',
    pull: ({ id }, { keeper }) => keeper.monitorOf(id)?.pause({ ttlMs: 10_000 }),
  },
];

export const mainLevers: readonly MainLever[] = [
  {
    key: 'c',
    name: 'Crash a monitor',
    does: 'The next one that draws its interval dies of a bug in its own transition. It is restarted; twice within five seconds, it is given up.',
    pull({ fuse }) {
      fuse.light();
      return 'the next monitor that draws its interval will crash';
    },
  },
  {
    key: 't',
    name: 'Stall a client',
    does: 'One more client comes and never reads. From the next change of health on its notifier delivers in vain: it stalls after three seconds, and is evicted after ten more.',
    async pull({ crowd }) {
      return (await crowd.stall()) ? 'a client came that does not read' : 'a client was refused: there is no room';
    },
  },
  {
    key: 'f',
    name: 'Flood',
    does: '300 clients at once; there is room for 250 in all, and the others are refused. They leave after ten seconds.',
    async pull({ crowd }) {
      const { came, refused } = await crowd.flood();
      return `${came} clients came in, ${refused} were refused`;
    },
  },
  {
    key: 'x',
    name: 'Drain',
    does: 'What SIGTERM does: readiness fails, everybody is told to go, the deaf are cut, the program ends.',
    pull({ end }) {
      setTimeout(end, 50);
      return 'draining';
    },
  },
];
