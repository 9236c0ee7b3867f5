/** Streams of HTTP messages, mutated: however a stream is cut it gives the same, and the framer keeps no more than its limits. */
import { describe, expect, test } from "vitest";
import { describeBadInput } from "../../testdata/bad-input.ts";
import { piecesOf, randomFrom } from "../../testdata/mutation.ts";
import { createHttpFramer } from "./framer.ts";
import type { HttpLimits } from "./framer.ts";
import { HttpParseError } from "./http-error.ts";
import type { HttpMessage } from "./message.ts";
import { serializeHttp } from "./serialize.ts";

const CORPUS = {
  requests: [
    "GET /services/org.openmobilealliance.groups/users/sip:a@h/g HTTP/1.1\r\nHost: h\r\n\r\n",
    'PUT /a HTTP/1.1\r\nHost: h\r\nIf-Match: "x"\r\nContent-Type: a/b\r\nContent-Length: 4\r\n\r\nbody',
    "PUT /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n4;x=y\r\nbody\r\n1\r\n!\r\n0\r\nTrailer: t\r\n\r\nGET / HTTP/1.0\r\n\r\n",
  ],
  responses: [
    'HTTP/1.1 200 OK\r\nETag: "1"\r\nContent-Length: 2\r\n\r\nhi',
    "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\nHTTP/1.1 304 \r\n\r\n",
    "HTTP/1.0 200 OK\r\n\r\nuntil the end",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
  ],
};
const WIDE = { maxHeadBytes: 4_194_304, maxBodyBytes: 4_194_304 };

type Result = HttpMessage | HttpParseError;

function readAll(
  reads: "requests" | "responses",
  pieces: readonly Uint8Array[],
  limits: HttpLimits = {},
): Result[] {
  const framer = createHttpFramer({ reads, limits });
  const found = pieces.flatMap((piece) => framer.push(piece));
  return [...found, ...framer.end()];
}

const shown = (result: Result): string =>
  result instanceof HttpParseError ? result.code : Buffer.from(serializeHttp(result)).toString("latin1");

describe.each(["requests", "responses"] as const)("%s", (reads) => {
  function read(bytes: Buffer): string | undefined {
    const whole = readAll(reads, [bytes], WIDE);
    const pieces = readAll(
      reads,
      piecesOf(bytes, randomFrom(bytes.length), Math.max(60, bytes.length / 20)),
      WIDE,
    );
    if (whole.map(shown).join("\n") !== pieces.map(shown).join("\n")) return "depends on the pieces";
    const wrong = whole.findIndex((one) => one instanceof HttpParseError);
    return wrong === -1 || wrong === whole.length - 1 ? undefined : "went on after an error";
  }

  describeBadInput(
    reads,
    {
      corpus: CORPUS[reads],
      morsels: [
        "HTTP/1.1",
        "Content-Length: 5\r\n",
        "Transfer-Encoding: chunked\r\n",
        "0\r\n\r\n",
        "ffffffffffff\r\n",
      ],
      errors: [HttpParseError],
      read,
    },
    {
      around: [
        ["", ""],
        ["GET / HTTP/1.1\r\n", "\r\n\r\n"],
        ["GET / HTTP/1.1\r\na: ", "\r\n\r\n"],
        ["HTTP/1.1 200 OK\r\na: ", "\r\n\r\n"],
        ["PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", "0\r\n\r\n"],
        ["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "0\r\n\r\n"],
      ],
      repeated: ["a: b\r\n", "1\r\na\r\n", "1;a\r\na\r\n", "GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 204 \r\n\r\n"],
      bytes: 20_000,
    },
  );
});

describe("a framer that is fed without end keeps no more than its limits", () => {
  const chunked = "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
  const limits = { maxHeadBytes: 4096, maxBodyBytes: 100_000 };

  test.each([
    ["a head", "GET / HTTP/1.1\r\n", `X: ${"a".repeat(1000)}\r\n`, "headers-too-large"],
    ["a line", "", "a".repeat(1000), "headers-too-large"],
    ["chunks", chunked, `3e8\r\n${"a".repeat(1000)}\r\n`, "body-too-large"],
    ["small chunks", chunked, "1\r\na\r\n".repeat(200), "body-too-large"],
    ["chunk extensions", chunked, `1;${"x".repeat(1000)}\r\na\r\n`, "headers-too-large"],
    ["a chunk size", chunked, "0".repeat(1000), "chunk"],
    ["a trailer", `${chunked}0\r\n`, `X: ${"a".repeat(1000)}\r\n`, "headers-too-large"],
  ])("%s", (_what, begin, more, code) => {
    const framer = createHttpFramer({ reads: "requests", limits });
    const results: Result[] = [...framer.push(Buffer.from(begin))];
    for (let count = 0; count < 1000 && results.length === 0; count += 1)
      results.push(...framer.push(Buffer.from(more)));
    expect(results).toEqual([expect.objectContaining({ code })]);
  });
});
