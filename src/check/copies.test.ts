import { describe, expect, it } from "vitest";
import { compared } from "./copies.ts";

const WRAPPER = "From: <sip:a@home.example>\r\nTo: <sip:c@home.example>\r\n";
const ASKING = "NS: FR <urn:oma:xml:poc:final-report>\r\nFR.Final-Report: yes\r\n";
const CONTENT = "\r\nContent-Type: text/plain\r\n\r\nHello";
const ASKED = `${WRAPPER}${ASKING}${CONTENT}`;

describe("the body of a copy beside that of the message", () => {
  it.each([
    ["the same", ASKED, ASKED, "same"],
    ["without Final-Report", ASKED, ASKED.replace("FR.Final-Report: yes\r\n", ""), "unasked"],
    ["without its prefix, too", ASKED, `${WRAPPER}${CONTENT}`, "unasked"],
    ["with another value", ASKED, ASKED.replace(": yes", ": nay"), "other"],
    ["with other words", ASKED, `${WRAPPER}${CONTENT}!`, "other"],
    ["of a message that did not ask", `${WRAPPER}X: y\r\n${CONTENT}`, `${WRAPPER}${CONTENT}`, "other"],
  ])("%s", (_name, own, copy, result) => {
    expect(compared(Buffer.from(own), Buffer.from(copy))).toBe(result);
  });
});
