import {
  type HttpAnswer,
  type HttpListener,
  type HttpRequest,
  pathOf,
  refuseMethod,
  send,
  sendText,
} from '../listener.ts';

/** Makes the response to a request. */
export type Answerer = (request: HttpRequest) => HttpAnswer;

/** Makes a listener that answers GET and HEAD at the paths that `find` knows; a path comes without percent-encoding. */
export function answerPaths(find: (path: string) => Answerer | undefined): HttpListener {
  return (request, response, next) => {
    const answer = find(decodedPath(pathOf(request)));
    if (answer === undefined) {
      if (next !== undefined) {
        next();
        return false;
      }
      sendText(request, response, 404, 'Not found');
    } else if (!refuseMethod(request, response)) {
      send(request, response, answer(request));
    }
    return true;
  };
}

/** @returns the path as it was before it was percent-encoded; one that is encoded wrongly as it stands. */
export function decodedPath(path: string): string {
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
