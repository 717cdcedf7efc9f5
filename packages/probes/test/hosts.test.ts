import { describe, expect, it } from 'vitest';
import {
  agentProbe,
  dnsProbe,
  dockerProbe,
  execProbe,
  fileProbe,
  fromUrl,
  tcpProbe,
  unixProbe,
  withFallback,
} from '../src/index.ts';

describe('the host of a probe, by which a supervisor counts its checks', () => {
  it.each([
    ['tcp://DB.internal:5432', 'db.internal'],
    ['tcp6://[::1]:80', '::1'],
    ['transfer://db.internal:5432', 'db.internal'],
    ['udp://ns:53', 'ns'],
    ['tls://site', 'site'],
    ['http://me:secret@site:8080/health', 'site'],
    ['https://site/', 'site'],
    ['h2c://site/', 'site'],
    ['h2://site/', 'site'],
    ['ws://site/live', 'site'],
    ['wss://site/live', 'site'],
    ['dns://192.0.2.53/example.org', '192.0.2.53'],
  ])('is, of %s, the host that is dialled', (url, host) => {
    expect(fromUrl(url).host).toBe(host);
  });

  it('is the agent or the Engine where that one makes the check', () => {
    const agent = agentProbe({ agent: 'http://edge-7:8890/check', target: 'tcp://db:5432' });
    const remote = dockerProbe({ container: 'a', engine: 'tcp://engine:2375' });
    expect([agent.host, remote.host, dockerProbe({ container: 'a' }).host]).toEqual([
      'edge-7',
      'engine',
      '/var/run/docker.sock',
    ]);
  });

  it('is that of the primary under withFallback', () => {
    expect(withFallback(dockerProbe({ container: 'a' }), tcpProbe({ host: 'db', port: 1 })).host).toBe(
      '/var/run/docker.sock',
    );
  });

  it('is undefined where nothing is dialled, or no host is named', () => {
    const probes = [
      unixProbe({ path: '/run/a.sock' }),
      fileProbe({ path: '/a' }),
      execProbe({ argv: ['true'] }),
      dnsProbe({ name: 'example.org' }),
    ];
    expect(probes.map(({ host }) => host)).toEqual([undefined, undefined, undefined, undefined]);
  });
});
