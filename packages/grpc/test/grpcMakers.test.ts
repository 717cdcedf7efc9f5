import { describe, expect, it } from 'vitest';
import { hostOfTarget } from '../src/client/grpcTarget.ts';
import { grpcMakers, grpcProbe } from '../src/client.ts';
import { serve } from './support/testServer.ts';

describe('grpcMakers', () => {
  it('make probes that work, of a URL with a service and without', async () => {
    await using served = await serve();
    const signal = AbortSignal.timeout(5_000);
    const whole = grpcMakers.grpc(new URL(`grpc://127.0.0.1:${served.port}`));
    const unknown = grpcMakers.grpc(new URL(`grpc://127.0.0.1:${served.port}/no%20such`));
    expect(unknown.name).toBe(`grpc://127.0.0.1:${served.port}/no such`);
    expect(await whole(signal)).toMatchObject({ status: 'pass' });
    expect(await unknown(signal)).toMatchObject({ status: 'fail', detail: 'SERVICE_UNKNOWN' });
    const secure = grpcMakers.grpcs(new URL(`grpcs://127.0.0.1:${served.port}`));
    expect(await secure(signal)).toMatchObject({ status: 'fail' });
  });

  it('refuse a URL without a host', () => {
    expect(() => grpcMakers.grpc(new URL('grpc:///app'))).toThrow('grpcProbe.target');
  });
});

describe('the host of a gRPC target', () => {
  it.each([
    ['Orders:50051', 'orders'],
    ['orders', 'orders'],
    ['10.0.0.1:50051', '10.0.0.1'],
    ['[::1]:50051', '::1'],
    ['dns:orders:50051', 'orders'],
    ['dns:///orders:50051', 'orders'],
    ['dns://192.0.2.53/orders', 'orders'],
    ['unix:/run/orders.sock', undefined],
    ['unix:///run/orders.sock', undefined],
  ])('is, of %s, %s', (target, host) => {
    expect(hostOfTarget(target)).toBe(host);
    expect(grpcProbe({ target }).host).toBe(host);
  });
});
