import { useEffect, useState } from 'preact/hooks';
import { ActorList } from '../list/actorList.tsx';
import { SidePanel } from '../side/sidePanel.tsx';
import { usePage } from '../store/page.ts';
import { useThrottledRender } from '../store/renderScheduler.ts';
import { useKeys } from '../ui/keyboard.ts';
import { MainPane } from './mainPane.tsx';
import { TopBar } from './topBar.tsx';

/** The whole page: the list of actors on the left, charts in the middle, details on the right. */
export function App() {
  const { view, actors } = usePage();
  useThrottledRender(view.scheduler, 150);
  useKeys();
  const { theme } = view.choices;
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  useTitle(actors.app);
  return (
    <div class="frame">
      <a class="skip" href="#list">
        Skip to the actors
      </a>
      <TopBar />
      <ActorList />
      <MainPane />
      <SidePanel />
    </div>
  );
}

function useTitle(app: string): void {
  const [title] = useState(document.title);
  useEffect(() => {
    document.title = app === '' ? title : `${app} · ${title}`;
  }, [app, title]);
}
