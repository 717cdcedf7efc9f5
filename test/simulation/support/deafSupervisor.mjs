import { createSupervisor as createWhole } from '@watchkeeper/core';

/** A supervisor that never starts, which no law allows. */
export function createSupervisor(options) {
  const keeper = createWhole(options);
  keeper.start = () => {};
  return keeper;
}
