/** A transition in words, as the page writes it: the event, then its guard. */
export function words({ on, guard }) {
  return guard === undefined ? on : `${on} [${guard}]`;
}
