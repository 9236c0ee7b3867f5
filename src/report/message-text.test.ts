import { expect, test } from "vitest";
import { encodeBytes } from "../trace/bytes.ts";
import { messagePieces } from "./message-text.ts";

const message = "MESSAGE sip:b SIP/2.0\r\nFrom: é <sip:a>\r\nX: 1\r\n\r\nHello\r\nyou";

function piecesOf(text: string | Uint8Array, options?: Parameters<typeof messagePieces>[1], limit?: number) {
  return messagePieces(encodeBytes(typeof text === "string" ? Buffer.from(text) : text, limit), options);
}

test("start line, names, values and body are told apart, and nothing is lost", () => {
  const pieces = piecesOf(message);
  expect(pieces.map(({ text }) => text).join("")).toBe(message.replaceAll("\r\n", "\n"));
  expect(pieces.filter(({ kind }) => kind === "name").map(({ text }) => text)).toEqual(["From", "X"]);
  expect(pieces.at(0)).toMatchObject({ kind: "start-line", text: "MESSAGE sip:b SIP/2.0\n" });
  expect(pieces.at(-1)).toMatchObject({ kind: "body", text: "Hello\nyou" });
});

test.each([
  [8, 13, "sip:b"],
  [29, 31, "é"],
  [0, 5000, message.replaceAll("\r\n", "\n")],
])("bytes %i to %i are marked", (from, to, marked) => {
  const pieces = piecesOf(message, { marks: [{ from, to }] });
  const offending = pieces.filter((piece) => piece.offending);
  expect(offending.map(({ text }) => text).join("")).toBe(marked);
});

test.each([
  [Uint8Array.of(0x41, 0xff, 0x0a, 0x0d, 0x41), "A⟨FF⟩␊\n␍A"],
  [new Uint8Array(), ""],
  [Uint8Array.of(0xff), "⟨FF⟩"],
])("bytes that are no message are shown one by one", (bytes, text) => {
  expect(
    piecesOf(bytes)
      .map((piece) => piece.text)
      .join(""),
  ).toBe(text);
});

test("the middle of a cut message, and bodies on request are withheld", () => {
  const long = `M s SIP/2.0\r\nSome-Header: Some value 1\r\n\r\n${"b".repeat(10_000)}`;
  const cut = piecesOf(long, {}, 100).filter(({ hidden }) => hidden);
  expect(cut.map(({ text }) => text)).toEqual(["⟨5904 bytes not kept⟩"]);
  const bodiless = piecesOf(message, { hideBody: true }).filter(({ hidden }) => hidden);
  expect(bodiless.map(({ text }) => text)).toEqual(["⟨10 bytes of body⟩"]);
});

test("a message of very many lines costs no more than its length", () => {
  const pieces = piecesOf(`M s SIP/2.0\r\n${"a:b\r\n".repeat(12_000)}\r\n`);
  expect(pieces.length).toBeGreaterThan(24_000);
});

test.each([
  [
    "a message",
    "MESSAGE sip:b SIP/2.0\r\nFrom: <sip:a>\r\n folded: x\r\nX:\r\nno colon\r\n\r\nHello: a\r\n\r\nyou\r\n",
  ],
  ["no body", "SIP/2.0 200 OK\r\nVia: x\r\n\r\n"],
  ["no empty line", "SIP/2.0 200 OK\r\nVia: x\r\nTo: y"],
  ["no line end", "nonsense: of a kind"],
  ["an empty first line", "\r\nVia: x\r\n\r\n"],
  ["nothing", ""],
])("%s is read alike with and without a mark", (_, text) => {
  const marked = piecesOf(text, { marks: [{ from: text.length, to: text.length + 1 }] });
  expect(piecesOf(text)).toEqual(marked);
});
