// A laid-out chart as an SVG file that stands by itself, for the pages of the guides.
import { transitionLabel } from '../../packages/inspector/dist/chart/transitionLabel.js';

/** The width of a page's column and the most height a reader scrolls for, in pixels. */
const page = { width: 1_000, height: 1_600 };
const margin = 12;

/** @param {{ graph: object, drawings: { actor: object[] } }} chart as `charts.json` holds it */
export function svgOf(kind, { graph, drawings }) {
  const drawing = largest(drawings.actor);
  const states = new Map(graph.states.map((state) => [state.path, state]));
  const [left, top, width, height] = boundsOf(drawing);
  const isLeaf = ({ path }) => !['compound', 'parallel'].includes(states.get(path).type);
  const boxes = (wanted) => drawing.states.filter(wanted).map((one) => stateBox(one, states.get(one.path), graph));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${left} ${top} ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="The chart of the ${kind}">`,
    `<style>${style}</style>`,
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="tip" d="M0 .8 7.4 4 0 7.2z"/></marker></defs>',
    `<rect class="page" x="${left}" y="${top}" width="${width}" height="${height}"/>`,
    ...boxes((one) => !isLeaf(one)),
    ...drawing.marks.map(mark),
    ...drawing.edges.map(({ points }) => `<path class="edge" d="M${points.map((at) => at.join(' ')).join('L')}"/>`),
    ...drawing.edges.flatMap((edge) => label(edge, graph)),
    ...boxes(isLeaf),
    '</svg>',
    '',
  ].join('\n');
}

/** The one of two drawings that fits a page with less shrinking. */
function largest(drawings) {
  const scale = ({ width, height }) => Math.min(page.width / width, page.height / height, 1);
  return drawings.reduce((best, one) => (scale(one) > scale(best) ? one : best));
}

/** What a drawing covers: labels may reach beyond its states. */
function boundsOf({ states, marks, edges }) {
  const boxes = [
    ...[...states, ...marks].map(({ box }) => box),
    ...edges.flatMap(({ points, label: box }) => [...points.map(([x, y]) => [x, y, 0, 0]), ...(box ? [box] : [])]),
  ];
  const left = Math.min(...boxes.map(([x]) => x)) - margin;
  const top = Math.min(...boxes.map(([, y]) => y)) - margin;
  const right = Math.max(...boxes.map(([x, , width]) => x + width)) + margin;
  const bottom = Math.max(...boxes.map(([, y, , height]) => y + height)) + margin;
  return [left, top, right - left, bottom - top];
}

function stateBox({ box: [x, y, width, height], captions = [] }, state, graph) {
  const isOuter = state.type === 'compound' || state.type === 'parallel';
  const look = isOuter ? (state.path.includes('.') ? 'outer region' : 'outer') : 'leaf';
  const inner = `<rect class="leaf" x="${x + 3}" y="${y + 3}" width="${width - 6}" height="${height - 6}" rx="6"/>`;
  return [
    `<rect class="${look}" x="${x}" y="${y}" width="${width}" height="${height}" rx="${isOuter ? 11 : 8}"/>`,
    ...(state.type === 'final' ? [inner] : []),
    `<text class="name" x="${x + 15}" y="${y + 21}">${escaped(state.name)}</text>`,
    ...captions.map(
      (index, line) =>
        `<text class="words" x="${x + 15}" y="${y + 41 + line * 15}">${escaped(transitionLabel(graph.transitions[index], state.path))}</text>`,
    ),
  ].join('');
}

function mark({ type, box: [x, y, width, height] }) {
  const [centre, middle] = [x + width / 2, y + height / 2];
  if (type === 'initial') return `<circle class="begin" cx="${centre}" cy="${middle}" r="4.5"/>`;
  const pill = `<rect class="any" x="${x}" y="${y}" width="${width}" height="${height}" rx="${height / 2}"/>`;
  return `${pill}<text class="words middle" x="${centre}" y="${middle + 4}">any</text>`;
}

function label({ label: box, transitions = [] }, graph) {
  if (box === undefined) return [];
  const [x, y, width, height] = box;
  const lines = transitions.map(
    (index, line) =>
      `<text class="words middle" x="${x + width / 2}" y="${y + 13 + line * 16}">${escaped(transitionLabel(graph.transitions[index]))}</text>`,
  );
  return [`<rect class="page" x="${x}" y="${y}" width="${width}" height="${height}"/>${lines.join('')}`];
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const style = [
  'text{font-family:system-ui,sans-serif}',
  '.page{fill:#fff}.leaf{fill:#fff;stroke:#8b97b0}.outer{fill:#f1f4fa;stroke:#8b97b0}.region{stroke-dasharray:4 4}',
  '.edge{fill:none;stroke:#667087;stroke-width:1.3;marker-end:url(#arrow)}.tip,.begin{fill:#667087}',
  '.any{fill:#f1f4fa;stroke:#8b97b0}.name{font-size:13px;font-weight:600;fill:#151b28}',
  '.words{font-size:11.5px;fill:#3c465c}.middle{text-anchor:middle}',
].join('');
