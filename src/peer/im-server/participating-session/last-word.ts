/** The last word on what the user agent of the B2BUA writes by itself, by the decisions of the function that its dialog belongs to. */
import type { Edit } from "../../../endpoint/user-agent/options.ts";
import { SERVER_RELEASE } from "../../im/identifiers.ts";
import { withHeader, withoutHeader } from "../../../wire/sip/edit.ts";
import { fromOf, header, toOf } from "../../../wire/sip/headers.ts";
import type { SipMessage } from "../../../wire/sip/message.ts";
import type { Call } from "./call.ts";

/** `calls` by the local tags of their dialogs. */
export function editFor(calls: ReadonlyMap<string, Call>): Edit {
  return (message, occasion) => {
    const local = message.kind === "request" ? fromOf(message) : toOf(message);
    const call = calls.get(local?.tag ?? "");
    if (occasion === "INVITE" && call !== undefined) return withFields(message, fieldsOfInvite(call));
    if (message.kind === "request") return message;
    const told = withServer(message, call);
    const initial = occasion === "2xx to INVITE" && call?.legs.upstream.tag === local?.tag;
    return initial && call !== undefined ? withFields(told, fieldsOfAcceptance(call)) : told;
  };
}

type Field = readonly [name: string, decide: (usual: string | undefined) => string | undefined];

/** 6.1.1.2.2, 1e; 6.1.2.2.2, 7 to 9. */
function fieldsOfInvite({ decisions }: Call): readonly Field[] {
  return [
    ["Allow", decisions.inviteAllow],
    ["Session-Expires", decisions.inviteSessionExpires],
    ["Supported", decisions.inviteSupported],
  ];
}

/** 6.1.1.1, 200-3; 6.1.2.2.2, 200-4, 200-5, 200-7. */
function fieldsOfAcceptance({ decisions }: Call): readonly Field[] {
  return [
    ["Allow", decisions.okAllow],
    ["Require", decisions.okRequire],
    ["Session-Expires", decisions.okSessionExpires],
  ];
}

function withFields<M extends SipMessage>(message: M, fields: readonly Field[]): M {
  return fields.reduce((written, [name, decide]) => {
    const usual = header(written, name);
    const value = decide(usual);
    if (value === usual) return written;
    return value === undefined ? withoutHeader(written, name) : withHeader(written, name, value);
  }, message);
}

/** 6.1.1.1, 6.1.2.2.2: responses that the user agent gives by itself carry the release as well. */
function withServer<M extends SipMessage>(message: M, call: Call | undefined): M {
  if (message.kind !== "response" || header(message, "Server") !== undefined) return message;
  const release = call === undefined ? SERVER_RELEASE : call.decisions.server(call.turn, message.status);
  return release === undefined ? message : withHeader(message, "Server", release);
}
