import { EventEmitter } from 'node:events';
import { VirtualClock } from '@watchkeeper/testing';
import { describe, expect, it, vi } from 'vitest';
import { type AgentCheckOptions, type AgentSource, agentCheck } from '../src/index.ts';

const source = (
  phase: AgentSource['phase'],
  health: AgentSource['health'],
  ready = true,
  started = true,
): AgentSource => ({
  phase,
  health,
  planes: { live: true, ready, started } as AgentSource['planes'],
});

/** A socket that closes when it is destroyed only. */
function asked(keeper: AgentSource, options?: AgentCheckOptions) {
  const clock = new VirtualClock();
  const socket = Object.assign(new EventEmitter(), {
    end: vi.fn(),
    resume: vi.fn(),
    destroy: vi.fn(() => socket.emit('close')),
  });
  agentCheck(keeper, { clock, ...options })(socket);
  return { clock, socket, said: socket.end.mock.calls.flat() };
}

describe('agentCheck', () => {
  it.each<[string, AgentSource, AgentCheckOptions | undefined]>([
    ['up ready 100%', source('running', 'healthy'), undefined],
    ['up ready 100%', source('running', 'degraded'), undefined],
    ['up ready 30%', source('running', 'degraded'), { degradedWeight: 30 }],
    ['up ready 100%', source('running', 'healthy'), { degradedWeight: 30 }],
    ['down #unhealthy', source('running', 'unhealthy', false), undefined],
    ['down #starting', source('running', 'starting', false, false), undefined],
    ['down #start() was not called', source('idle', 'starting', false, false), undefined],
    ['drain', source('draining', 'healthy', false), undefined],
    ['down #stopped', source('stopped', 'stopped', false), undefined],
    ['maint', source('running', 'healthy'), { maintenance: () => true }],
  ])('says %s', (line, keeper, options) => {
    expect(asked(keeper, options).said).toEqual([`${line}\n`]);
  });

  it('ends with an asker that does not, and takes no error of one for its own', async () => {
    const { clock, socket } = asked(source('running', 'healthy'), { closeTimeoutMs: 500 });
    expect(socket.resume).toHaveBeenCalledOnce();
    socket.emit('error', new Error('ECONNRESET'));
    await clock.advance(499);
    expect(socket.destroy).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(socket.destroy).toHaveBeenCalledOnce();
    expect(clock.pending).toBe(0);
  });

  it.each([
    [{ degradedWeight: 0 }, 'agentCheck.degradedWeight'],
    [{ degradedWeight: 1.5 }, 'agentCheck.degradedWeight'],
    [{ maintenance: true }, 'agentCheck.maintenance'],
    [{ closeTimeoutMs: 0 }, 'agentCheck.closeTimeoutMs'],
  ])('refuses %o', (options, option) => {
    expect(() => agentCheck(source('running', 'healthy'), options as AgentCheckOptions)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', option }),
    );
  });
});
