import type { ShownValue } from '../../../src/protocol/shownValue.ts';
import { usePage } from '../store/page.ts';
import { Icon } from '../ui/icons.tsx';

const flashMs = 1_200;
const dateKeys = /(?:At|since)$/;

/** Context of the selected actor; keys that changed just now are highlighted. */
export function ContextTree() {
  const { selectedActor } = usePage();
  const { detail } = selectedActor;
  const entries = Object.entries(detail?.context ?? {});
  if (entries.length === 0) return null;
  const now = performance.now();
  return (
    <section>
      <h2>
        Context
        {detail !== undefined && detail.redacted > 0 && (
          <span class="soft">
            <Icon name="lock" /> {detail.redacted} redacted
          </span>
        )}
      </h2>
      <dl class="properties context">
        {entries.map(([key, value]) => (
          <Branch
            key={key}
            name={key}
            value={value}
            isNews={now - (selectedActor.changedKeys.get(key) ?? -flashMs) < flashMs}
          />
        ))}
      </dl>
    </section>
  );
}

function Branch({
  name,
  value,
  isNews = false,
}: {
  readonly name: string;
  readonly value: ShownValue;
  readonly isNews?: boolean;
}) {
  if (typeof value === 'object' && value !== null) {
    return (
      <div class="branch">
        <dt>{name}</dt>
        <dd>
          <dl>
            {Object.entries(value).map(([key, inner]) => (
              <Branch key={key} name={key} value={inner} />
            ))}
          </dl>
        </dd>
      </div>
    );
  }
  return (
    <div class={isNews ? 'is-news' : ''}>
      <dt>{name}</dt>
      <dd class={`value-${typeof value}`} title={String(value)}>
        {written(name, value)}
      </dd>
    </div>
  );
}

function written(name: string, value: Exclude<ShownValue, object>): string {
  if (typeof value !== 'number') return String(value);
  if (dateKeys.test(name) && value > 1e11) return new Date(value).toLocaleTimeString('en-GB');
  return Number.isInteger(value) ? value.toLocaleString('en-US') : value.toFixed(1);
}
