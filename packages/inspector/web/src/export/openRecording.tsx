import { useEffect, useState } from 'preact/hooks';
import { usePage } from '../store/page.ts';
import { readRecording } from '../store/recording.ts';
import { Icon } from '../ui/icons.tsx';

/** Opens a recording that is chosen, or dropped anywhere on the page. */
export function OpenRecording() {
  const { openRecording } = usePage();
  const [refusal, setRefusal] = useState<string>();
  useEffect(() => {
    const open = async (file: File | null | undefined) => {
      if (file == null) return;
      try {
        openRecording(readRecording(await file.text()));
        setRefusal(undefined);
      } catch (cause) {
        setRefusal(cause instanceof Error ? cause.message : String(cause));
      }
    };
    const allow = (event: DragEvent) => event.preventDefault();
    const drop = (event: DragEvent) => {
      event.preventDefault();
      void open(event.dataTransfer?.files[0]);
    };
    const choose = (event: Event) => {
      const input = event.target as HTMLInputElement;
      if (input.id !== 'open-recording') return;
      void open(input.files?.[0]);
      input.value = '';
    };
    document.addEventListener('dragover', allow);
    document.addEventListener('drop', drop);
    document.addEventListener('change', choose);
    return () => {
      document.removeEventListener('dragover', allow);
      document.removeEventListener('drop', drop);
      document.removeEventListener('change', choose);
    };
  }, [openRecording]);
  return (
    <>
      {refusal !== undefined && (
        <span class="refusal" role="alert">
          {refusal}
        </span>
      )}
      <label class="plain file" title="Open a recording: choose a file, or drop one anywhere">
        <Icon name="open" />
        <input type="file" id="open-recording" accept=".json,application/json" aria-label="Open a recording" />
      </label>
    </>
  );
}
