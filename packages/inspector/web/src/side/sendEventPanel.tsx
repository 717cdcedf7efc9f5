import { useState } from 'preact/hooks';
import { readPayload } from '../chart/sendableEvents.ts';
import { usePage } from '../store/page.ts';

/** The events that may be sent to the selected actor, with or without a payload. */
export function SendEventPanel() {
  const { selectedActor, connection } = usePage();
  const [text, setText] = useState('');
  const { allowedEvents } = selectedActor;
  if (allowedEvents.length === 0) return null;
  const payload = readPayload(text);
  const isReady = connection.status === 'live' && payload !== 'invalid';
  return (
    <section class="send-event">
      <h2>Send</h2>
      <div class="send-event-buttons">
        {allowedEvents.map(({ event, canNow }) => (
          <button
            type="button"
            key={event}
            class="command"
            // What a guard says to a payload, only the program knows.
            disabled={!isReady || (!canNow && payload === undefined)}
            onClick={() => payload !== 'invalid' && connection.send(event, payload)}
          >
            {event}
          </button>
        ))}
      </div>
      <input
        type="text"
        aria-label="What the event carries, as a JSON object"
        aria-invalid={payload === 'invalid'}
        placeholder='Payload, such as {"amount": 5}'
        autocomplete="off"
        spellcheck={false}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      {payload === 'invalid' && <p class="says-unhealthy">This is no JSON object.</p>}
    </section>
  );
}
