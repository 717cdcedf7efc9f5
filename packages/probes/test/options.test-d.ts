import type { Probe } from '@watchkeeper/core';
import { describe, expectTypeOf, it } from 'vitest';
import {
  dnsProbe,
  execProbe,
  fromUrl,
  h2cProbe,
  httpProbe,
  type PushProbe,
  pushProbe,
  tcpProbe,
  transferProbe,
} from '../src/index.ts';

describe('options of probes', () => {
  it('are accepted by each maker of probes', () => {
    expectTypeOf(fromUrl('tcp://db:5432')).toEqualTypeOf<Probe>();
    expectTypeOf(pushProbe({ ttlMs: 1 })).toEqualTypeOf<PushProbe>();
    expectTypeOf(pushProbe({ ttlMs: 1 })).toExtend<Probe>();
  });

  it('are refused by the compiler when they are missing, misspelt or of another kind', () => {
    // @ts-expect-error: a port is required.
    tcpProbe({ host: 'a' });
    // @ts-expect-error: the one deadline is the monitor's.
    tcpProbe({ host: 'a', port: 1, timeoutMs: 5 });
    // @ts-expect-error: not a preset.
    httpProbe({ url: 'http://a', preset: 'k8s' });
    // @ts-expect-error: no TLS without TLS.
    h2cProbe({ url: 'h2c://a', tls: {} });
    // @ts-expect-error: a step is one of send, expect and startTls.
    transferProbe({ host: 'a', port: 1, script: [{ say: 'x' }] });
    // @ts-expect-error: not a record type.
    dnsProbe({ name: 'a', type: 'ANY' });
    // @ts-expect-error: a program is required, and no shell reads a line.
    execProbe({ argv: [] });
  });
});
