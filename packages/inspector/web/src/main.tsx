import { render } from 'preact';
import { App } from './app.tsx';
import { createPage, PageContext } from './page.ts';

const root = document.getElementById('app');
if (root === null) throw new Error('The page has lost its root');

const page = createPage();
page.connection.open();
render(
  <PageContext.Provider value={page}>
    <App />
  </PageContext.Provider>,
  root,
);
