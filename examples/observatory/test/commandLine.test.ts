import { beforeEach, describe, expect, it, vi } from 'vitest';
import { readPort } from '../src/commandLine.ts';

describe('the command line of the observatory', () => {
  const said = vi.fn<(line: string) => void>();

  beforeEach(() => {
    said.mockClear();
    vi.spyOn(console, 'error').mockImplementation(said);
    vi.spyOn(process, 'exit').mockImplementation((code) => {
      throw new Error(`exit ${code}`);
    });
    return () => vi.restoreAllMocks();
  });

  it.each<[string[], number]>([
    [[], 4600],
    [['--port', '0'], 0],
    [['--port=65535'], 65_535],
  ])('%j names port %i', (args, port) => {
    expect(readPort(args)).toBe(port);
  });

  it.each([
    [['--port', 'many'], '--port must be a number from 0 to 65535, not "many".'],
    [['--port', '65536'], '--port must be a number from 0 to 65535, not "65536".'],
    [['--port='], '--port must be a number from 0 to 65535, not "".'],
    [['--port'], "Option '--port <value>' argument missing"],
    [['--prot', '1'], "Unknown option '--prot'"],
    [['4600'], "Unexpected argument '4600'. This command does not take positional arguments"],
  ])('%j is refused in one line, with exit code 2', (args, why) => {
    expect(() => readPort(args)).toThrow('exit 2');
    expect(said.mock.calls).toEqual([[expect.stringContaining(why)]]);
    expect(said.mock.calls[0]?.[0]).toMatch(/^[^\n]* Usage: npm start -- \[--port <0 to 65535>\]$/);
  });
});
