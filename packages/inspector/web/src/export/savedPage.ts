import type { Chart } from '../chart/chart.ts';
import type { Recording } from '../store/recording.ts';
import { savedChart, savedRecording } from '../store/savedFile.ts';

/** Returns this page as one HTML file with its styles, its script and a recording. */
export async function savedPage(recording: Recording, chart: Chart | undefined): Promise<string> {
  const page = new DOMParser().parseFromString(await textAt(location.pathname), 'text/html');
  for (const link of page.querySelectorAll<HTMLLinkElement>('link[rel=stylesheet]')) {
    const style = page.createElement('style');
    style.textContent = await textAt(link.getAttribute('href'));
    link.replaceWith(style);
  }
  for (const link of page.querySelectorAll('link')) link.remove();
  for (const script of page.querySelectorAll<HTMLScriptElement>('script[src]')) {
    const own = page.createElement('script');
    own.type = 'module';
    own.textContent = (await textAt(script.getAttribute('src'))).replaceAll('</script', '<\\/script');
    script.remove();
    page.body.append(own);
  }
  page.body.prepend(kept(page, savedRecording, recording), kept(page, savedChart, { [recording.actor.kind]: chart }));
  return `<!doctype html>\n${page.documentElement.outerHTML}\n`;
}

function kept(page: Document, id: string, value: unknown): HTMLScriptElement {
  const script = page.createElement('script');
  script.id = id;
  script.type = 'application/json';
  script.textContent = JSON.stringify(value).replaceAll('<', '\\u003c');
  return script;
}

async function textAt(path: string | null): Promise<string> {
  const answer = await fetch(new URL(path ?? '', document.baseURI));
  if (!answer.ok) throw new Error(`${path} cannot be read: ${answer.status}`);
  return answer.text();
}
