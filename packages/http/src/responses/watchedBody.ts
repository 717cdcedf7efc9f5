/** A body whose end is known, and which can be cut short. */
export interface WatchedBody {
  readonly body: ReadableStream<Uint8Array>;
  /** Resolves when nobody reads it any more, with whether all of it was read. */
  readonly ended: Promise<boolean>;
  /** Ends it with an error, for who reads it and for who writes it. */
  cut(cause: unknown): void;
}

/** Passes `source` on chunk by chunk, as it is asked for. */
export function watchBody(source: ReadableStream<Uint8Array>): WatchedBody {
  const reader = source.getReader();
  let end: (isWhole: boolean) => void = () => {};
  const ended = new Promise<boolean>((resolve) => {
    end = resolve;
  });
  let cut: WatchedBody['cut'] = () => {};
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        cut = (cause) => {
          end(false);
          controller.error(cause);
          // The writer may fail at being told so, and nobody else is left to hear of it.
          reader.cancel(cause).catch(() => {});
        };
      },
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (!done) controller.enqueue(value);
          else {
            controller.close();
            end(true);
          }
        } catch (cause) {
          end(false);
          throw cause;
        }
      },
      cancel(cause) {
        end(false);
        return reader.cancel(cause);
      },
    },
    { highWaterMark: 0 },
  );
  return { body, ended, cut: (cause) => cut(cause) };
}
