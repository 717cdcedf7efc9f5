import { defineProbe } from '@watchkeeper/core';
import { describe, expect, it } from 'vitest';
import { egressPolicy, fromUrl } from '../src/index.ts';
import { misbehaviours, serve } from './support/tcpServers.ts';
import { temporaryFolder } from './support/temporaryFolder.ts';
import { deadline } from './support/waiting.ts';

describe('fromUrl', () => {
  it.each([
    ['tcp://db:5432', 'tcp://db:5432'],
    ['tcp6://[::1]:80', 'tcp://::1:80'],
    ['transfer://db:5432', 'transfer://db:5432'],
    ['udp://ns:53', 'udp://ns:53'],
    ['tls://site', 'tls://site:443'],
    ['unix:///run/a%20b.sock', 'unix:///run/a b.sock'],
    ['http://site/health', 'http://site/health'],
    ['https://me:secret@site/', 'https://site/'],
    ['h2c://site/', 'h2c://site/'],
    ['h2://site/', 'h2://site/'],
    ['ws://site/live', 'ws://site/live'],
    ['wss://site/live', 'wss://site/live'],
    ['dns://192.0.2.53/example.org?type=MX', 'dns:example.org/MX'],
    ['dns:///example.org', 'dns:example.org/A'],
    ['file:///var/run/ready', 'file:///var/run/ready'],
    ['fileserver:///srv', 'fileserver:///srv'],
    ['docker://postgres', 'docker://postgres'],
    ['docker:///postgres', 'docker://postgres'],
  ])('makes of %s the probe %s', (url, name) => {
    expect(fromUrl(url).name).toBe(name);
  });

  it('makes probes that work', async () => {
    const { port } = await serve(misbehaviours.blackHole);
    expect(await fromUrl(`tcp://127.0.0.1:${port}`)(deadline())).toMatchObject({ status: 'pass' });
    expect(await fromUrl(`fileserver://${await temporaryFolder()}`)(deadline())).toMatchObject({ status: 'pass' });
  });

  it.each([
    ['', 'url', /no url specified/],
    ['db:5432', 'url', /the scheme tcp: or/],
    ['gopher://a/', 'url', /the scheme tcp: or/],
    ['http://', 'url', /no host specified/],
    ['tcp://db', 'tcpProbe.port', /a port from 1 to 65535/],
    ['tcp://db:0', 'url', /no port specified/],
    ['tcp://:80', 'url', /no host specified/],
    ['dns:///', 'dnsProbe.name', /a non-empty string/],
    ['dns:///a?type=ANY', 'dnsProbe.type', /one of/],
    ['docker://', 'dockerProbe.container', /container/],
    ['unix://', 'unixProbe.path', /a non-empty string/],
    ['unix://run/a.sock', 'url', /three slashes/],
    ['file://var/run/ready', 'url', /three slashes/],
    ['fileserver://srv', 'url', /three slashes/],
  ])('says what is wrong with %j', (url, option, message) => {
    expect(() => fromUrl(url)).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', option, message: expect.stringMatching(message) }),
    );
  });

  it('accepts only the schemes it may, and learns further ones', () => {
    expect(() => fromUrl('unix:///run/docker.sock', { schemes: ['http', 'https'] })).toThrow(
      /the scheme http: or https:/,
    );
    const makers = { grpc: (url: URL) => defineProbe(`mine ${url.host}`, async () => ({ status: 'pass' })) };
    expect(fromUrl('grpc://app:50051', { makers }).name).toBe('mine app:50051');
  });

  it.each(['grpc://app:50051', 'GRPCS://app'])('says where the maker for %s is', (url) => {
    const missing = { code: 'INVALID_OPTION', option: 'fromUrl.makers' };
    expect(() => fromUrl(url)).toThrow(
      expect.objectContaining({ ...missing, message: expect.stringContaining('@watchkeeper/grpc/client') }),
    );
  });

  it('gives its egress policy to every probe that dials', async () => {
    const egress = egressPolicy({ deny: ['internal'] });
    const schemes = ['tcp', 'transfer', 'udp', 'tls', 'http', 'https', 'h2', 'h2c', 'ws', 'wss'];
    for (const scheme of schemes) {
      const probe = fromUrl(`${scheme}://127.0.0.1:9/`, { egress });
      await expect(probe(deadline()), scheme).rejects.toMatchObject({ code: 'EGRESS_DENIED' });
    }
    await expect(fromUrl('dns://127.0.0.1/a', { egress })(deadline())).rejects.toMatchObject({ code: 'EGRESS_DENIED' });
    expect(egress.denied).toBe(schemes.length + 1);
  });
});
