import { render } from 'preact';
import { App } from './app/app.tsx';
import { createPage, PageContext } from './store/page.ts';
import { readRecording } from './store/recording.ts';
import { readSaved, savedRecording } from './store/savedFile.ts';

const root = document.getElementById('app');
if (root === null) throw new Error('The page has lost its root');

const page = createPage();
const saved = readSaved(savedRecording);
if (saved === undefined) page.connection.open();
else page.openRecording(readRecording(saved));
render(
  <PageContext.Provider value={page}>
    <App />
  </PageContext.Provider>,
  root,
);
