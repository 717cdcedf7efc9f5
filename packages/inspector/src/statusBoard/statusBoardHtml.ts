import type { BoardSnapshot, BoardTarget } from './statusBoardSnapshot.ts';
import type { PublicHealth, UptimeBar } from './uptime.ts';

const words: Readonly<Record<PublicHealth, string>> = {
  works: 'Works',
  limited: 'Limited',
  down: 'Down',
  unknown: 'Unknown',
  maintenance: 'Maintenance',
};

/** SVG path of the icon of each health, on a field of 12 by 12. */
const shapes: Readonly<Record<PublicHealth, string>> = {
  works: 'M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1z',
  limited: 'M6 1 11.5 11H.5z',
  down: 'M1.5 1.5h9v9h-9z',
  unknown: 'M6 0 12 6 6 12 0 6z',
  maintenance: 'M2 1h3v10H2zM7 1h3v10H7z',
};

/** Style of the page. Its hash stands in the content security policy, so nothing else can style it. */
export const statusBoardCss = `
:root{color-scheme:light dark;--page:#f6f8fc;--panel:#fff;--line:#dfe5ef;--text:#161c29;--soft:#566078;--works:#0b7a4b;--limited:#8a5100;--down:#ba1a2e;--unknown:#5b46b8;--maintenance:#566078;--none:#dde3ee}
@media(prefers-color-scheme:dark){:root{--page:#0d1119;--panel:#131926;--line:#252e40;--text:#e7ebf3;--soft:#a0aabf;--works:#3fcf8e;--limited:#f6b74a;--down:#ff6374;--unknown:#c3a0ff;--maintenance:#a0aabf;--none:#2a3346}}
body{margin:0;background:var(--page);color:var(--text);font:400 15px/1.5 system-ui,sans-serif}
main{max-width:820px;margin:0 auto;padding:36px 18px}
h1{margin:0 0 18px;font-size:24px}h2{margin:30px 0 10px;font-size:16px}
.overall{display:flex;gap:12px;align-items:center;padding:16px 18px;border:1px solid;border-radius:12px;background:var(--panel);font-size:17px;font-weight:600}
.target{padding:14px 18px;border:1px solid var(--line);background:var(--panel)}
.target+.target{border-top:0}.target:first-of-type{border-radius:12px 12px 0 0}.target:last-of-type{border-radius:0 0 12px 12px}.target:only-of-type{border-radius:12px}
.target p{display:flex;gap:10px;margin:0 0 9px;align-items:baseline}.target b{flex:1}.soft{color:var(--soft);font-size:13px}
.strip{display:block;width:100%;height:30px}
svg.shape{width:12px;height:12px;flex:none;fill:currentColor}
.works{color:var(--works)}.limited{color:var(--limited)}.down{color:var(--down)}.unknown{color:var(--unknown)}.maintenance{color:var(--maintenance)}.none{color:var(--none)}
rect{fill:currentColor}ol{margin:0;padding:0;list-style:none}li{padding:8px 0;border-top:1px solid var(--line)}
`;

/** Returns the page as HTML. It has no script and reloads every half minute. */
export function statusBoardHtml(board: BoardSnapshot): string {
  const targets = board.groups.flatMap((group) => group.targets);
  const worst = worstOf(targets.map(({ health }) => health));
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="30"><title>${escaped(board.title)}: ${overall(targets)}</title><style>${statusBoardCss}</style></head>
<body><main><h1>${escaped(board.title)}</h1>
<p class="overall ${worst}">${shape(worst)}${overall(targets)}</p>
${board.groups.map((group) => `<section><h2>${escaped(group.name)}</h2>${group.targets.map((target) => shown(target, board.barMs)).join('')}</section>`).join('\n')}
<section><h2>Incidents</h2>${incidents(board)}</section></main></body></html>
`;
}

function shown({ name, health, uptime, bars }: BoardTarget, barMs: number): string {
  const share = uptime === undefined ? 'nothing known yet' : `${percentOf(uptime)} % up`;
  const minutes = Math.round((bars.length * barMs) / 60_000);
  return `<div class="target"><p><b>${escaped(name)}</b><span class="soft">${share}</span><span class="${health}">${shape(health)} ${words[health]}</span></p>
<svg class="strip" viewBox="0 0 ${Math.max(1, bars.length) * 10} 30" preserveAspectRatio="none" role="img" aria-label="${share} in the last ${minutes} minutes">${bars.map(bar).join('')}</svg></div>`;
}

/** Percentage of an uptime. Only one without any time down is 100: a rounded 100 would belie the incident beside it. */
function percentOf(uptime: number): string {
  return uptime >= 1 ? '100' : Math.min(99.99, uptime * 100).toFixed(2);
}

function bar({ worst }: UptimeBar, index: number): string {
  const height = worst === undefined ? 10 : 30;
  return `<rect class="${worst ?? 'none'}" x="${index * 10}" y="${(30 - height) / 2}" width="7" height="${height}" rx="2"/>`;
}

function incidents({ incidents: list, at }: BoardSnapshot): string {
  if (list.length === 0) return '<p class="soft">None that this page remembers.</p>';
  const lines = list.map(({ group, name, from, until }) => {
    const minutes = Math.max(1, Math.round(((until ?? at) - from) / 60_000));
    const lasted = `${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`;
    const told = until === undefined ? `down for ${lasted}` : `was down for ${lasted}`;
    return `<li><b>${escaped(name)}</b> (${escaped(group)}) ${told} <span class="soft">since ${new Date(from).toISOString().slice(0, 16).replace('T', ' ')} UTC</span></li>`;
  });
  return `<ol>${lines.join('')}</ol>`;
}

function overall(targets: readonly BoardTarget[]): string {
  const count = (health: PublicHealth) => targets.filter((target) => target.health === health).length;
  const [down, limited, unknown] = [count('down'), count('limited'), count('unknown')];
  if (down > 0) return `${down} of ${targets.length} ${down === 1 ? 'is' : 'are'} down`;
  if (limited > 0) return `${limited} of ${targets.length} ${limited === 1 ? 'is' : 'are'} limited`;
  return unknown > 0 ? `${unknown} of ${targets.length} not known yet` : 'Everything works';
}

const fromWorst: readonly PublicHealth[] = ['down', 'limited', 'unknown'];

function worstOf(healths: readonly PublicHealth[]): PublicHealth {
  return fromWorst.find((health) => healths.includes(health)) ?? 'works';
}

const shape = (health: PublicHealth): string =>
  `<svg class="shape" viewBox="0 0 12 12" aria-hidden="true"><path d="${shapes[health]}"/></svg>`;

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
