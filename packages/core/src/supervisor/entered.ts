import { ReentrantCallError } from '../errors.ts';

/** What a command just entered into the registry, at once: foreign code never runs inside the supervisor. */
export function entered<TActor>(actor: TActor | undefined): TActor {
  if (actor === undefined) throw new ReentrantCallError();
  return actor;
}
