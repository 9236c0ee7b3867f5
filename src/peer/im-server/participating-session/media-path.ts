/**
 * The participating function in the media path (clause 6.1.3): for each MSRP medium two sessions, one towards either end. Descriptions that pass
 * get the address and the path of the server's own session; all else in them stays.
 */
import type { MsrpEndpoint } from "../../../endpoint/msrp/msrp-endpoint.ts";
import type { MsrpSession } from "../../../endpoint/msrp/msrp-session.ts";
import { connectionRole } from "../../../machine/msrp/binding.ts";
import { msrpUriOf } from "../../../wire/msrp/uri.ts";
import type { SdpDescription, SdpSection } from "../../../wire/sdp/description.ts";
import { sdpReadable } from "../../../wire/sdp/error.ts";
import { attributeValue, mediaLineOf, originOf } from "../../../wire/sdp/lines.ts";
import { messageMediaOf, type MessageMedia, type MsrpSetup } from "../../../wire/sdp/message-media.ts";
import { parseSdp } from "../../../wire/sdp/parse.ts";
import {
  connectionLine,
  connectionTo,
  mediaLine,
  originLine,
  serializeSdp,
  withAttribute,
} from "../../../wire/sdp/serialize.ts";
import type { Body } from "../../../wire/sip/session-description.ts";
import type { LegName } from "./call.ts";

export interface MediaPath {
  /** A description that came on a leg, as it goes on by the other. An answer connects both. What cannot be read passes as it is. */
  passed(body: Body, from: LegName, as: "offer" | "answer"): Body;
  release(leg: LegName): void;
}

export interface MediaPathOptions {
  readonly msrp: MsrpEndpoint;
  readonly originating: boolean;
  /** Two sessions have been made that belong together; `from` is the leg of the first. */
  readonly relay: (from: LegName, session: MsrpSession, other: () => MsrpSession) => void;
}

interface End {
  session: MsrpSession;
  /** What the far end said. */
  path: string | undefined;
  setup: MsrpSetup | undefined;
  /** The path that the session was connected to. */
  connected: string | undefined;
}

type Medium = Readonly<Record<LegName, End>>;

const across: Readonly<Record<LegName, LegName>> = { upstream: "downstream", downstream: "upstream" };

export function createMediaPath({ msrp, originating, relay }: MediaPathOptions): MediaPath {
  const media = new Map<number, Medium>();
  const released = new Set<LegName>();

  const sessionFor = (leg: LegName, protocol: MessageMedia["protocol"], ends: () => Medium): MsrpSession => {
    const session = msrp.session({
      reports: "none",
      transport: protocol === "TCP/TLS/MSRP" ? "tls" : "tcp",
      annotation: { serverFunction: originating ? "originating" : "terminating" },
    });
    relay(leg, session, () => ends()[across[leg]].session);
    return session;
  };

  const mediumAt = ({ index, protocol }: MessageMedia): Medium => {
    const known = media.get(index);
    if (known !== undefined) return known;
    const end = (leg: LegName): End => ({
      session: sessionFor(leg, protocol, () => made),
      path: undefined,
      setup: undefined,
      connected: undefined,
    });
    const made: Medium = { upstream: end("upstream"), downstream: end("downstream") };
    media.set(index, made);
    return made;
  };

  /** RFC 4975 5.4: another path is another session. */
  const note = (medium: Medium, from: LegName, heard: MessageMedia): void => {
    const end = medium[from];
    const path = attributeValue(heard.section, "path")?.trim().replace(/ +/g, " ");
    if (end.connected !== undefined && path !== undefined && path !== end.connected) {
      end.session.close();
      end.session = sessionFor(from, heard.protocol, () => medium);
      end.connected = undefined;
    }
    end.path = path ?? end.path;
    end.setup = heard.setup;
  };

  const connect = (end: End, role: "active" | "passive"): void => {
    if (end.path === undefined || end.connected === end.path || end.session.state === "closed") return;
    end.connected = end.path;
    end.session.connect(end.path, { role });
  };

  const takeAnswer = (medium: Medium, from: LegName, { port }: MessageMedia): void => {
    const [answerer, offerer] = [medium[from], medium[across[from]]];
    if (port === 0) return [answerer, offerer].forEach(({ session }) => session.close());
    const setups = { local: offerer.setup, remote: answerer.setup };
    connect(answerer, connectionRole({ offerer: true, ...setups }));
    connect(offerer, connectionRole({ offerer: false, local: answerer.setup, remote: offerer.setup }));
  };

  return {
    passed: (body, from, as) => {
      const description = sdpReadable(() => parseSdp(body.bytes));
      const all = description && sdpReadable(() => messageMediaOf(description, { lenient: true }));
      if (description === undefined || all === undefined || released.size > 0) return body;
      let written: SdpDescription = description;
      for (const heard of all) {
        const medium = mediumAt(heard);
        if (heard.port !== 0) {
          note(medium, from, heard);
          written = rewritten(written, heard.index, medium[across[from]].session);
        }
        if (as === "answer") takeAnswer(medium, from, heard);
      }
      return { ...body, bytes: serializeSdp(written) };
    },
    release: (leg) => {
      released.add(leg);
      for (const medium of media.values()) medium[leg].session.close();
    },
  };
}

/** The description with the address and the path of `session` in place of those of the medium. */
function rewritten(description: SdpDescription, index: number, session: MsrpSession): SdpDescription {
  const uri = msrpUriOf(session.localPath.split(" ")[0] ?? "");
  const host = (uri?.host ?? "127.0.0.1").replaceAll(/^\[|\]$/g, "");
  const connection = connectionTo(host);
  const withAddress = <S extends SdpSection>(section: S): S => ({
    ...section,
    lines: section.lines.map((line) => (line.type === "c" ? connectionLine(connection) : line)),
  });
  const origin = sdpReadable(() => originOf(description));
  const { netType, addrType, address } = connection;
  return {
    lines: withAddress(description).lines.map((line) =>
      line.type === "o" && origin !== undefined
        ? originLine({ ...origin, netType, addrType, address })
        : line,
    ),
    media: description.media.map((section, at) => {
      if (at !== index) return section;
      const line = { ...mediaLineOf(section), port: uri?.port ?? 2855 };
      const lines = withAddress(section).lines.map((each) => (each.type === "m" ? mediaLine(line) : each));
      return withAttribute({ lines }, "path", session.localPath);
    }),
  };
}
