import { usePage } from '../store/page.ts';
import { milliseconds } from '../ui/format.ts';

const width = 264;
const height = 44;
const checksShown = 60;

/** Latency of the last checks as a line, with median and 95th percentile. */
export function LatencyPanel() {
  const { selectedActor } = usePage();
  const latencies = selectedActor.entries
    .flatMap(({ latencyMs }) => (latencyMs === undefined ? [] : [latencyMs]))
    .slice(-checksShown);
  if (latencies.length < 2) return null;
  const most = Math.max(...latencies) * 1.1;
  const place = (latencyMs: number, index: number) =>
    `${((index * width) / (latencies.length - 1)).toFixed(1)} ${(height - 2 - (latencyMs * (height - 6)) / most).toFixed(1)}`;
  const line = latencies.map(place).join('L');
  const sorted = latencies.toSorted((a, b) => a - b);
  const quantile = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  const words = `p50 ${milliseconds(quantile(0.5))} · p95 ${milliseconds(quantile(0.95))} ms`;
  return (
    <section>
      <h2>
        Latency <span class="soft">{words}</span>
      </h2>
      <svg
        class="sparkline"
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Latency of the last ${latencies.length} checks: ${words}`}
      >
        <path class="sparkline-area" d={`M0 ${height}L${line}L${width} ${height}z`} />
        <path class="sparkline-line" d={`M${line}`} />
      </svg>
    </section>
  );
}
