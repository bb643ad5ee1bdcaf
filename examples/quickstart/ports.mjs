/** Ports of the demo. Promise: the documented one if nobody has it, else one that is free. */
import { createServer } from 'node:net';

const HOST = '127.0.0.1';

/** `wanted` if it is free on loopback, else a free port. */
export async function freePort(wanted) {
  return (await tryPort(wanted)) ?? (await tryPort(0));
}

/** Null if the port is taken. */
function tryPort(port) {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) =>
      error.code === 'EADDRINUSE' || error.code === 'EACCES' ? resolve(null) : reject(error),
    );
    server.listen(port, HOST, () => {
      const address = server.address();
      server.close(() => resolve(address.port));
    });
  });
}
