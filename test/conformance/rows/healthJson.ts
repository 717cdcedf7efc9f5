import type { Table } from './row.ts';

/** A monitor as it is, and the path that is asked. */
export interface HealthQuestion {
  readonly verdict: '+' | '~' | '-';
  readonly phase: 'running' | 'draining';
  readonly path: string;
}

/** The response: its status and that of its body. */
export interface HealthResponse {
  readonly code: number;
  readonly status: 'pass' | 'warn' | 'fail';
}

const draft = 'draft-inadarei-api-health-check-06, 3.1';

/** Responses of `application/health+json`. */
export const healthJson: Table<HealthQuestion, HealthResponse> = {
  title: 'application/health+json',
  foreign: [],
  rows: [
    {
      rule: 'what passes is 200',
      source: draft,
      input: { verdict: '+', phase: 'running', path: '/readyz' },
      expected: { code: 200, status: 'pass' },
    },
    {
      rule: 'a warning is 200 as well',
      source: draft,
      input: { verdict: '~', phase: 'running', path: '/readyz' },
      expected: { code: 200, status: 'warn' },
    },
    {
      rule: 'what fails is 503',
      source: draft,
      input: { verdict: '-', phase: 'running', path: '/readyz' },
      expected: { code: 503, status: 'fail' },
    },
    {
      rule: 'a program that drains is not ready',
      source: 'Kubernetes, pod lifecycle',
      input: { verdict: '+', phase: 'draining', path: '/readyz' },
      expected: { code: 503, status: 'fail' },
    },
    {
      rule: 'a program that drains lives',
      source: 'Kubernetes, pod lifecycle',
      input: { verdict: '+', phase: 'draining', path: '/livez' },
      expected: { code: 200, status: 'pass' },
    },
    {
      rule: 'a program whose target is down lives',
      source: 'Kubernetes, probes',
      input: { verdict: '-', phase: 'running', path: '/livez' },
      expected: { code: 200, status: 'pass' },
    },
  ],
};
