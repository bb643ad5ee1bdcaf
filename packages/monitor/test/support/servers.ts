/** Loopback servers for one test file. Promise: `closeAll` ends every server and every socket. */
import * as http from 'node:http';
import * as net from 'node:net';
import type { AddressInfo } from 'node:net';

const open = new Set<{ server: net.Server; sockets: Set<net.Socket> }>();

/** Answers with exactly the bytes the handler writes; it is called once per request head. */
export async function rawServer(
  onRequest: (socket: net.Socket, head: string, count: number) => void,
): Promise<string> {
  let count = 0;
  const server = net.createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      count += 1;
      onRequest(socket, data.toString('latin1'), count);
    });
  });
  return listen(server);
}

export async function httpServer(handler: http.RequestListener): Promise<string> {
  return listen(http.createServer(handler));
}

/** Follows the sockets of any server and gives its http: origin. */
export async function listen(server: net.Server): Promise<string> {
  const sockets = new Set<net.Socket>();
  server.on('connection', (socket: net.Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  open.add({ server, sockets });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export async function closeAll(): Promise<void> {
  const all = [...open];
  open.clear();
  await Promise.all(
    all.map(({ server, sockets }) => {
      const closed = new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
      for (const socket of sockets) socket.destroy();
      return closed;
    }),
  );
}
