/** A file server on this machine that misbehaves on request.
 * @module */

/** How the server answers a request. */
export type Manner = "well" | "cut" | "no range" | "missing" | "busy" | "silent";

/** What a test can observe of the server. */
export interface Seen {
  address: string;
  /** The Range header of each request, "" without one. */
  ranges: string[];
}

/** Serves `bytes` during the test: request n in manner n, and the last manner for all further requests. */
export async function withServer(bytes: Uint8Array, manners: Manner[], test: (seen: Seen) => Promise<void>): Promise<void> {
  const ranges: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    const manner = manners[Math.min(ranges.length, manners.length - 1)]!;
    ranges.push(request.headers.get("range") ?? "");
    return answer(bytes, manner, request);
  });
  try {
    await test({ address: `http://127.0.0.1:${server.addr.port}/file`, ranges });
  } finally {
    await server.shutdown();
  }
}

function answer(bytes: Uint8Array, manner: Manner, request: Request): Response {
  if (manner === "missing") return new Response("gone", { status: 404 });
  if (manner === "busy") return new Response("later", { status: 503 });
  if (manner === "silent") return new Response(new ReadableStream({ start: (stream) => stream.enqueue(bytes.slice(0, 10)) }));
  const range = manner === "no range" ? undefined : request.headers.get("range")?.match(/^bytes=(\d+)-$/);
  const from = Number(range?.[1] ?? 0);
  if (range && from >= bytes.length) return new Response(null, { status: 416 });
  const rest = bytes.slice(from);
  const headers: Record<string, string> = { "content-length": `${rest.length}` };
  if (range) headers["content-range"] = `bytes ${from}-${bytes.length - 1}/${bytes.length}`;
  // Cut: closes the connection after half of the promised bytes.
  const body = manner === "cut" ? halfOf(rest) : rest;
  return new Response(body, { status: range ? 206 : 200, headers });
}

function halfOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let sent = false;
  return new ReadableStream({
    async pull(stream) {
      if (!sent) stream.enqueue(bytes.slice(0, bytes.length >> 1));
      else {
        await new Promise((resolve) => setTimeout(resolve, 50)); // lets the half arrive before the connection closes
        stream.close();
      }
      sent = true;
    },
  });
}
