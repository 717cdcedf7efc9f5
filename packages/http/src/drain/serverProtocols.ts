import type { Server } from 'node:http';
import type { Http2SecureServer, Http2Server } from 'node:http2';
import type { Server as SecureServer } from 'node:https';

/** The servers of Node whose connections can be drained. */
export type DrainableServer = Server | SecureServer | Http2Server | Http2SecureServer;

export function speaksHttp2(server: DrainableServer): server is Http2Server | Http2SecureServer {
  return 'updateSettings' in server;
}

/** A plain HTTP/2 server never speaks HTTP/1.1; a secure one may, as each connection agrees. */
export function speaksHttp1(server: DrainableServer): boolean {
  return !speaksHttp2(server) || speaksTls(server);
}

export function speaksTls(server: DrainableServer): boolean {
  return 'setSecureContext' in server;
}

/** @returns the event of a connection that is ready to be spoken on. */
export function socketEvent(server: DrainableServer): 'connection' | 'secureConnection' {
  return speaksTls(server) ? 'secureConnection' : 'connection';
}
