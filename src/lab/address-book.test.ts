import { describe, expect, it } from "vitest";
import { readSutFile } from "../spec/sut-file-reader.ts";
import { sipRequest } from "../wire/sip/build.ts";
import { AddressBook } from "./address-book.ts";

const sutFile = readSutFile("scenarios/sut/reference.yaml");
const at = (port: number, transport: "udp" | "tcp" = "tcp") => ({ host: "127.0.0.1", port, transport });
const via = (port: number) =>
  sipRequest({
    method: "MESSAGE",
    uri: "sip:bob@home.example",
    headers: [
      ["Via", `SIP/2.0/TCP 127.0.0.1:${port};branch=z9hG4bK-1`],
      ["From", "<sip:someone@home.example>;tag=1"],
    ],
  });
const bob = { name: "bob.s001", isSut: false };
const server = { name: "server", isSut: true };

function bookWithBob(): AddressBook {
  const book = new AddressBook(sutFile);
  book.enter(at(50_000, "udp"), bob);
  return book;
}

describe("who stands behind an address", () => {
  it.each<[string, ReturnType<typeof at>, ReturnType<typeof via> | undefined, string]>([
    ["a listener", at(50_000, "udp"), undefined, "bob.s001"],
    ["the same port of another transport", at(50_000), undefined, "127.0.0.1:50000"],
    ["the server under test, by any transport", at(15_070), undefined, "server"],
    ["a connection, by what its request says", at(50_000), via(15_070), "server"],
    ["a connection of nobody known", at(50_001), via(50_002), "127.0.0.1:50001"],
  ])("%s", (_what, remote, message, name) => {
    expect(bookWithBob().peerOf(remote, "in", message).name).toBe(name);
  });

  it("is remembered of a connection, until another request tells otherwise", () => {
    const book = bookWithBob();
    book.enter(at(50_003), bob);
    expect(book.peerOf(at(50_001), "in", via(15_070))).toEqual(server);
    expect(book.peerOf(at(50_001), "out", undefined)).toEqual(server);
    expect(book.peerOf(at(50_001), "in", via(50_003))).toEqual(bob);
  });

  it("is told of connections apart, though they come from a port that somebody listens on", () => {
    const book = bookWithBob();
    book.enter(at(50_001), bob);
    expect(book.peerOf(at(50_001), "in", via(15_070), at(15_060))).toEqual(server);
    expect(book.peerOf(at(50_001), "out", undefined, at(15_060))).toEqual(server);
    expect(book.peerOf(at(50_001), "out", undefined, at(50_002))).toEqual(bob);
  });

  it("is forgotten of a node that has gone", () => {
    const book = bookWithBob();
    book.leave(at(50_000, "udp"));
    expect(book.peerOf(at(50_000, "udp"), "in", undefined).name).toBe("127.0.0.1:50000");
  });

  it("is known of the client under test by what it registers, on every transport", () => {
    const book = bookWithBob();
    const register = sipRequest({
      method: "REGISTER",
      uri: "sip:home.example",
      headers: [
        ["Via", "SIP/2.0/UDP 127.0.0.1:50010;branch=z9hG4bK-1"],
        ["From", `<${sutFile.client?.user ?? ""}>;tag=1`],
        ["Contact", "<sip:127.0.0.1:50011>"],
      ],
    });
    const client = { name: "client", isSut: true };
    expect(book.peerOf(at(50_010, "udp"), "in", register)).toEqual(client);
    expect(book.peerOf(at(50_010, "tcp"), "out", undefined)).toEqual(client);
    expect(book.peerOf(at(50_011, "udp"), "out", undefined)).toEqual(client);
  });
});
