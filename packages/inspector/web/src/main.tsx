import { render } from 'preact';
import { App } from './app/app.tsx';
import { readSaved, savedRecording } from './export/savedPage.ts';
import { createPage, PageContext } from './store/page.ts';
import { readRecording } from './store/recording.ts';

const root = document.getElementById('app');
if (root === null) throw new Error('The page has lost its root');

const page = createPage();
const saved = readSaved(savedRecording);
if (saved === undefined) page.connection.open();
else page.recall(readRecording(saved));
render(
  <PageContext.Provider value={page}>
    <App />
  </PageContext.Provider>,
  root,
);
