import { type DeskView, type Pull, Screen } from './screen.ts';

const pull: Pull = (key, target) => void send(key, target);
const screen = new Screen(pull);

async function send(key: string, target?: string): Promise<void> {
  const response = await fetch('/desk', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ key, ...(target === undefined ? {} : { target }) }),
  }).catch(() => undefined);
  if (response === undefined || !response.ok) {
    screen.log('the program did not answer');
    return;
  }
  const { said, ...view }: DeskView & { said: string } = await response.json();
  screen.log(said);
  screen.show(view);
}

document.addEventListener('keydown', ({ key, ctrlKey, metaKey, altKey, repeat }) => {
  if (ctrlKey || metaKey || altKey || repeat) return;
  if (/^[1-9]$/.test(key)) screen.choose(Number(key) - 1);
  else if (levers.targetLevers.some((lever) => lever.key === key)) pull(key, screen.chosen);
  else if (levers.mainLevers.some((lever) => lever.key === key)) pull(key);
});

const first = await fetch('/desk');
const levers: DeskView = await first.json();
screen.show(levers);

// The flapping target changes by itself: what is wrong with each is asked for with each change of health.
const refresh = async () => screen.show(await (await fetch('/desk')).json());

const feed = new EventSource('/feed');
feed.addEventListener('health', ({ data }: MessageEvent<string>) => {
  const { topic, health, detail = health } = JSON.parse(data);
  const why = detail === health ? '' : detail;
  screen.health(topic, health, why);
  screen.log(`${topic === '' ? 'the whole' : topic} is ${health}${why === '' ? '' : ` (${why})`}`, health);
  if (topic === 'flapping') void refresh();
});
feed.addEventListener('goaway', ({ data }: MessageEvent<string>) => {
  const { reason, graceMs } = JSON.parse(data);
  screen.log(`told to go (${reason}), with ${graceMs} ms to finish`, 'stopped');
});
feed.addEventListener('refused', () => screen.log('refused: no room, or going away', 'unhealthy'));
