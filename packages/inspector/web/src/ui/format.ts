const whole = new Intl.NumberFormat('en-US');

/** 12,345 */
export function count(value: number): string {
  return whole.format(value);
}

/** Formats a share in percent, with as many digits as it needs. */
export function share(part: number, all: number): string {
  if (all === 0) return '–';
  const percent = (part * 100) / all;
  if (percent === 0 || percent >= 99.95) return `${Math.round(percent)}%`;
  return `${percent < 1 ? percent.toFixed(2) : percent.toFixed(1)}%`;
}

export function bytes(value: number): string {
  if (value < 1_000) return `${value} B`;
  return value < 1_000_000 ? `${(value / 1_000).toFixed(1)} kB` : `${(value / 1_000_000).toFixed(1)} MB`;
}

export function milliseconds(value: number): string {
  return value < 100 ? value.toFixed(value < 10 ? 2 : 1) : count(Math.round(value));
}

/** 14:03:27.512 */
export function clockTime(at: number): string {
  const date = new Date(at);
  return `${date.toLocaleTimeString('en-GB')}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** Formats a duration in its two largest units. */
export function lasting(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  if (seconds < 1) return 'less than 1 s';
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 24 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
