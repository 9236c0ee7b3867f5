import { expect, it } from "vitest";
import { messageMediaOf } from "../wire/sdp/message-media.ts";
import { parseSdp } from "../wire/sdp/parse.ts";
import { SPEECH, withFile } from "./offered-media.ts";

const CHAT = [
  "v=0",
  "o=- 17 3 IN IP4 192.0.2.1",
  "s=-",
  "c=IN IP4 192.0.2.1",
  "t=0 0",
  "m=message 2855 TCP/MSRP *",
  "a=accept-types:message/cpim *",
  "a=path:msrp://192.0.2.1:2855/chat;tcp",
  "",
].join("\r\n");

const parsed = (text: string) => parseSdp(new Uint8Array(Buffer.from(text)));

it("puts a file beside the message media, with a session of its own", () => {
  const text = withFile(CHAT);
  const [chat, file, ...others] = messageMediaOf(parsed(text));
  expect(text).toContain("o=- 17 4 IN");
  expect(others).toEqual([]);
  expect([chat?.path[0]?.sessionId, file?.path[0]?.sessionId]).toEqual(["chat", "chat-file"]);
  expect([chat?.file, file?.file?.transferId]).toEqual([undefined, "scrim-picture"]);
});

it("offers no message media to who would write", () => {
  expect(messageMediaOf(parsed(SPEECH))).toEqual([]);
});
