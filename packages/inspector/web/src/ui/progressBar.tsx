type ProgressBarInput = {
  readonly done: number;
  readonly failed: number;
  readonly total: number;
  readonly label: string;
};

/** Progress bar with a part that is done and a part that failed. */
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
