import { stateIn } from 'xstate';

/**
 * Whether XState is its development build, which also refuses what only a mistake can bring.
 *
 * Its built-in guards tell: called by themselves, they throw there and answer `false` in the build for production.
 */
export const isDevelopmentBuild: boolean = (() => {
  try {
    (stateIn('') as unknown as () => unknown)();
    return false;
  } catch {
    return true;
  }
})();
