import { describe, expect, it } from 'vitest';
import { readWatchList, WatchListError, watchListOf } from '../src/watchList.ts';

describe('the watch list', () => {
  it('reads ports with their defaults', () => {
    const { ports, intervalMs } = readWatchList('{ "intervalMs": 500, "ports": [{ "port": 5432 }] }');
    expect(intervalMs).toBe(500);
    expect(ports).toEqual([{ name: '5432', host: '127.0.0.1', port: 5432, speaks: false }]);
  });

  it.each([
    ['no JSON at all', '{', /no JSON/],
    ['a misspelt name', '{ "maxIdelMs": 1, "ports": [] }', /the list has no maxIdelMs; it may have intervalMs/],
    ['a misspelt name of a port', '{ "ports": [{ "prot": 1 }] }', /ports\[0\] has no prot/],
    ['a port out of range', '{ "ports": [{ "port": 70000 }] }', /ports\[0\]\.port/],
    ['a time that is none', '{ "intervalMs": "3s", "ports": [{ "port": 1 }] }', /intervalMs must be a number/],
    ['a command that is a text', '{ "ports": [{ "port": 1, "forward": "ssh" }] }', /ports\[0\]\.forward/],
    ['no ports', '{ "ports": [] }', /no port is named/],
    ['a name twice', '{ "ports": [{ "port": 1 }, { "port": 1 }] }', /two ports are called 1/],
  ])('refuses %s, naming the place', (_what, json, message) => {
    expect(() => readWatchList(json)).toThrow(WatchListError);
    expect(() => readWatchList(json)).toThrow(message);
  });

  it('takes ports from the command line, with a name and a host where they are given', () => {
    const { ports } = watchListOf(['5432', 'db=6432', 'far=10.0.0.7:7432', 'six=::1:8432']);
    expect(ports.map(({ name, host, port }) => [name, host, port])).toEqual([
      ['5432', '127.0.0.1', 5432],
      ['db', '127.0.0.1', 6432],
      ['far', '10.0.0.7', 7432],
      ['six', '::1', 8432],
    ]);
  });
});
