import { render } from 'preact';
import { App } from './app.tsx';
import { createPage, PageContext } from './page.ts';
import { readRecording } from './recording.ts';
import { readSaved, savedRecording } from './savedPage.ts';

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
