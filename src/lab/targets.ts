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
  /** IM Address of an actor. */
  addressOf(actor: string): string;
  groupUri(name: string): string;
}

const LIST = /^a URI-list with (.+)$/u;
const LONG_LIST = /^a URI-list with (\d+) users$/u;
const GROUP = /^the group ([A-Z][a-z]+)$/u;
const NO_FACTORY = /^an unallocated conference factory with (.+)$/u;

export function targetOf(words: string, directory: Directory): Target {
  const users = (text: string): readonly string[] =>
    text.split(/, | and /u).map((name) => directory.addressOf(name));
  const service = directory.sutFile.server?.serviceUris;
  const count = LONG_LIST.exec(words)?.[1];
  if (count !== undefined)
    return { to: nobodies(Number(count), directory.sutFile.core.homeDomain), toKind: "user" };
  const list = LIST.exec(words)?.[1];
  if (list !== undefined) return { to: users(list), toKind: "user" };
  const group = GROUP.exec(words)?.[1];
  if (group !== undefined) return { to: [directory.groupUri(group)], toKind: "group" };
  const factoryList = NO_FACTORY.exec(words)?.[1];
  if (factoryList !== undefined)
    return { to: users(factoryList), toKind: "user", requestUri: needed(service?.unallocatedFactory) };
  if (words === "an unallocated group") return { to: [needed(service?.unallocatedGroup)], toKind: "group" };
  if (words === "the ended session") return { to: [needed(service?.endedSession)], toKind: "session" };
  if (words === "the on-going session") return { to: [ongoing(directory.sutFile)], toKind: "session" };
  return { to: [directory.addressOf(words)], toKind: "user" };
}

/** Addresses that no user has: a list that is too long must be refused before any of them is tried. */
function nobodies(count: number, domain: string): readonly string[] {
  return Array.from({ length: count }, (_, index) => `sip:nobody-${index + 1}@${domain}`);
}

function ongoing(sutFile: SutFile): string {
  return needed(sutFile.client?.ongoingSession ?? sutFile.server?.serviceUris.ongoingSession?.uri);
}

function needed(uri: string | undefined): string {
  if (uri === undefined)
    throw new Error(
      "the SUT file does not name the URI that this scenario needs (serviceUris, ongoingSession)",
    );
  return uri;
}
