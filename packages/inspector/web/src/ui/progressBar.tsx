type ProgressBarInput = {
  readonly done: number;
  readonly failed: number;
  readonly total: number;
  readonly label: string;
};

/** How much of a whole is done, and how much of it went wrong. */
export function ProgressBar({ done, failed, total, label }: ProgressBarInput) {
  const share = (part: number) => `${total === 0 ? 100 : (part * 100) / total}%`;
  return (
    <div
      class="progress"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={done + failed}
    >
      <i style={{ width: share(done) }} />
      <i class="is-unhealthy" style={{ width: total === 0 ? '0%' : share(failed) }} />
    </div>
  );
}
