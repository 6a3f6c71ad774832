/** Stand-in for a network's HTTP proxy, on this machine only: tunnels (CONNECT) and plain requests, to given servers. */
import { createServer, request as httpRequest } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";

export interface ProxyStub {
  /** Value for `HTTPS_PROXY`. */
  url: string;
  /** `CONNECT host:port` and `GET http://…` in the order of arrival. */
  requests: string[];
  /** Value of `Proxy-Authorization` that is asked for; null: none. */
  password: string | null;
  /** Status of all answers; null: the proxy works. */
  status: number | null;
  close: () => Promise<void>;
}

/** @param port port of 127.0.0.1 that stands for all hosts */
export async function startProxy(port: () => number): Promise<ProxyStub> {
  const sockets = new Set<Socket>();
  const refusal = (authorization: string | undefined): number | null =>
    stub.status ?? (stub.password === null || authorization === stub.password ? null : 407);
  const server = createServer((asked, answer) => {
    stub.requests.push(`${asked.method} ${asked.url}`);
    const status = refusal(asked.headers["proxy-authorization"]);
    if (status !== null) return void answer.writeHead(status).end();
    const { pathname, search } = new URL(asked.url ?? "");
    const path = pathname + search;
    asked.pipe(
      httpRequest({ host: "127.0.0.1", port: port(), method: asked.method, path, headers: asked.headers }, (got) => {
        answer.writeHead(got.statusCode ?? 502, got.headers);
        got.pipe(answer);
      }),
    );
  });
  server.on("connect", (asked, client: Socket) => {
    stub.requests.push(`CONNECT ${asked.url}`);
    const status = refusal(asked.headers["proxy-authorization"]);
    if (status !== null) return void client.end(`HTTP/1.1 ${status} No\r\n\r\n`);
    const upstream = connect(port(), "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connected\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stub: ProxyStub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    password: null,
    status: null,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return stub;
}
