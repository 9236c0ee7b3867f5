/** The torture corpus against a whole endpoint: what it answers, over a network that cuts the stream anywhere. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { createRig, hopOf } from "./test-rig.ts";

const TESTDATA = path.join(import.meta.dirname, "../../wire/msrp/testdata");

interface Case {
  readonly id: string;
  readonly file: string;
  readonly answers?: readonly { readonly transactionId: string; readonly status: number }[];
}

const corpus: { readonly session: string; readonly cases: readonly Case[] } = JSON.parse(
  readFileSync(path.join(TESTDATA, "cases.json"), "utf8"),
);
const [, host = "", port = "", sessionId = ""] =
  /^msrp:\/\/([^:]+):(\d+)\/([^;]+);tcp$/.exec(corpus.session) ?? [];

async function answersTo(bytes: Buffer, segmentBytes: number): Promise<object[]> {
  const rig = createRig({ segmentBytes });
  const listen = [hopOf("10.0.0.1", Number(port))];
  (await rig.endpoint("bob", { listen, advertisedHost: host })).session({ sessionId });
  const connection = rig.net.network.connect("tcp", listen[0]!);
  const received: Uint8Array[] = [];
  connection.onData((piece) => received.push(Uint8Array.from(piece)));
  connection.send(bytes);
  await rig.net.run();
  // An answer to an identifier that is none has that identifier too, so no reader of MSRP will do.
  return [
    ...Buffer.concat(received)
      .toString("latin1")
      .matchAll(/^MSRP (\S+) (\d{3})\b/gm),
  ].map(([, transactionId, status]) => ({ transactionId, status: Number(status) }));
}

const answered = corpus.cases.filter(({ answers }) => answers !== undefined);

test.each(answered)("$id is answered as the corpus says", async ({ file, answers }) => {
  const bytes = readFileSync(path.join(TESTDATA, file));
  for (const segmentBytes of [Infinity, 7]) expect(await answersTo(bytes, segmentBytes)).toEqual(answers);
});
