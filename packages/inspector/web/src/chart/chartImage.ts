/** CSS properties that are copied into the image. */
const painted = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
] as const;

const margin = 20;

/** Returns the chart on the page as an SVG file, whole and with its current colours. */
export function chartImage(): string {
  const shown = document.querySelector<SVGSVGElement>('svg.chart');
  const stage = shown?.querySelector<SVGGElement>('.stage');
  if (shown == null || stage == null) return '';
  const image = shown.cloneNode(true) as SVGSVGElement;
  const copies = image.querySelectorAll('*');
  for (const [index, element] of shown.querySelectorAll('*').entries()) {
    const copy = copies[index];
    if (copy === undefined) continue;
    if (element.matches('.comet, .sendable-edge')) copy.remove();
    else paint(copy, getComputedStyle(element));
  }
  image.querySelector('.stage')?.removeAttribute('style');
  const { x, y, width, height } = stage.getBBox();
  const box = [x - margin, y - margin, width + 2 * margin, height + 2 * margin].map(Math.round);
  image.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  image.setAttribute('viewBox', box.join(' '));
  image.setAttribute('width', String(box[2]));
  image.setAttribute('height', String(box[3]));
  const ground = `<rect x="${box[0]}" y="${box[1]}" width="100%" height="100%" fill="${groundOf(shown)}"/>`;
  image.insertAdjacentHTML('afterbegin', ground);
  return new XMLSerializer().serializeToString(image);
}

function paint(copy: Element, style: CSSStyleDeclaration): void {
  for (const name of painted) copy.setAttribute(name, style.getPropertyValue(name));
  for (const name of ['class', 'style', 'tabindex', 'role', 'aria-pressed']) {
    if (name !== 'style' || !copy.matches('.stage')) copy.removeAttribute(name);
  }
}

function groundOf(chart: SVGSVGElement): string {
  return getComputedStyle(chart.closest('.chart-pane') ?? chart).backgroundColor;
}
