import type { HrTime } from '@opentelemetry/api';

/** Returns epoch milliseconds in OpenTelemetry's form: a bare number it may take for time since the program began. */
export function spanTime(at: number): HrTime {
  const whole = Math.floor(at / 1_000);
  return [whole, Math.round((at - whole * 1_000) * 1e6)];
}
