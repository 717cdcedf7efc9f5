import type { Rule } from '@watchkeeper/core/options';
import type { EgressPolicy } from '../egress.ts';

export const egressRule: Rule<EgressPolicy> = {
  is: 'an egress policy, as egressPolicy() makes',
  accepts: (value): value is EgressPolicy => typeof (value as EgressPolicy | null)?.permits === 'function',
};
