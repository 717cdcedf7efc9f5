export { clockRule } from '../clock/clock.ts';
export { codeOf, messageOf, textOf } from '../foreignText.ts';
export { detailOf, type Redact, redaction } from '../model/detail.ts';
export { heldUpBy, noteHeldUp } from '../model/heldUp.ts';
export { randomRule } from '../runtime/random.ts';
export { maxAgeReason } from '../session/connectionAge.ts';
export type { AddressResolver, ResolveOptions } from './addressResolver.ts';
export { EgressDeniedError, type EgressPolicy, egressRule } from './egress.ts';
export { NameLookups, systemLookups } from './nameLookups.ts';
export {
  type NotifierLimits,
  notifierLimitDefaults,
  notifierLimitsRule,
  resolveNotifierLimits,
} from './notifierLimits.ts';
export {
  type OwnConnectionAge,
  ownAgeOf,
  ownConnectionAgeDefaults,
  ownConnectionAgeRules,
} from './ownConnectionAge.ts';
export { noteAnswer, type Ping, type PingOptions, startPing } from './ping.ts';
export { type PingContext, type PingEvent, type PingInput, pingMachine } from './pingMachine.ts';
export { ResumeTokens } from './resumeTokens.ts';
export { retryAfterHeader } from './retryAfterHeader.ts';
