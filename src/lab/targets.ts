/** Whom a message goes to, from the words of the features to URIs. */
import type { SutFile } from "../spec/sut-file.ts";

export interface Target {
  readonly to: readonly string[];
  readonly toKind: "user" | "group" | "session";
  /** In place of the Request-URI that the client would choose. */
  readonly requestUri?: string;
}

export interface Directory {
  readonly sutFile: SutFile;
  /** Which side is under test: each has an on-going session of its own. */
  readonly sut: "server" | "client";
  /** IM Address of an actor. */
  addressOf(actor: string): string;
  groupUri(name: string): string;
}

const LIST = /^a URI-list with (.+)$/u;
const LONG_LIST = /^a URI-list with (\d+) users$/u;
const TOO_LONG_LIST = "a URI-list with more users than the IM Server allows";
const GROUP = /^the group ([A-Z][a-z]+)$/u;
const NO_FACTORY = /^an unallocated conference factory with (.+)$/u;

export function targetOf(words: string, directory: Directory): Target {
  const users = (text: string): readonly string[] =>
    text.split(/, | and /u).map((name) => directory.addressOf(name));
  const service = directory.sutFile.server?.serviceUris;
  const count = countOf(words, directory.sutFile);
  if (count !== undefined) return { to: nobodies(count, directory.sutFile.core.homeDomain), toKind: "user" };
  const list = LIST.exec(words)?.[1];
  if (list !== undefined) return { to: users(list), toKind: "user" };
  const group = GROUP.exec(words)?.[1];
  if (group !== undefined) return { to: [directory.groupUri(group)], toKind: "group" };
  const factoryList = NO_FACTORY.exec(words)?.[1];
  if (factoryList !== undefined)
    return { to: users(factoryList), toKind: "user", requestUri: needed(service?.unallocatedFactory) };
  if (words === "an unallocated group") return { to: [needed(service?.unallocatedGroup)], toKind: "group" };
  if (words === "the ended session") return { to: [needed(service?.endedSession)], toKind: "session" };
  if (words === "the on-going session") return { to: [ongoing(directory)], toKind: "session" };
  return { to: [directory.addressOf(words)], toKind: "user" };
}

/** Addresses that no user has: a list that is too long must be refused before any of them is tried. */
function nobodies(count: number, domain: string): readonly string[] {
  return Array.from({ length: count }, (_, index) => `sip:nobody-${index + 1}@${domain}`);
}

/** How many users a list has that names none. */
function countOf(words: string, { server }: SutFile): number | undefined {
  if (words === TOO_LONG_LIST) return (server?.policy.adHocMaximum ?? 0) + 1;
  const count = LONG_LIST.exec(words)?.[1];
  return count === undefined ? undefined : Number(count);
}

function ongoing({ sut, sutFile }: Directory): string {
  return needed(
    sut === "server" ? sutFile.server?.serviceUris.ongoingSession?.uri : sutFile.client?.ongoingSession,
  );
}

function needed(uri: string | undefined): string {
  if (uri === undefined)
    throw new Error(
      "the SUT file does not name the URI that this scenario needs (serviceUris, ongoingSession)",
    );
  return uri;
}
