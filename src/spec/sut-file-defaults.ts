/** Defaults that depend on other entries of the SUT file. */
import type { PooledUser, ServerSut, SutFile, TlsEntries } from "./sut-file.ts";
import type { SutFileEntries } from "./sut-file-schema.ts";

export function completeSutFile(entries: SutFileEntries): SutFile {
  const { core, dns, tls: _given, xdm, server, client, users, ...rest } = entries;
  const bind = xdm.bind ?? core.bind;
  const origin = `http://${urlHost(core.advertised ?? bind)}:${xdm.port}`;
  return {
    ...rest,
    core: { ...core, advertised: core.advertised ?? core.bind },
    ...(dns === undefined ? {} : { dns: completeDns(dns, core.bind) }),
    ...completeTls(entries),
    xdm: {
      ...xdm,
      bind,
      root: xdm.root ?? `${origin}/xcap-root`,
      proxyRoot: xdm.proxyRoot ?? `${originOf(xdm.root ?? origin)}/aggregation-proxy`,
    },
    ...(server === undefined ? {} : { server: completeServer(server) }),
    ...(client === undefined ? {} : { client }),
    users: users.map(completeUser),
  };
}

/** A SUT whose transport is TLS needs no group `tls`: all of it has a default. */
function completeTls({ core, tls, server, client }: SutFileEntries): { readonly tls?: TlsEntries } {
  const asked = server?.transport === "tls" || client?.transport === "tls";
  if (tls === undefined && !asked) return {};
  return {
    tls: {
      port: core.port + 1,
      verify: tls?.ca === undefined ? "none" : "identity",
      mutual: false,
      minVersion: "TLSv1.2",
      keys: "ec",
      ...tls,
    },
  };
}

function completeDns(
  { servers, serve }: NonNullable<SutFileEntries["dns"]>,
  bind: string,
): NonNullable<SutFile["dns"]> {
  return { servers, ...(serve === undefined ? {} : { serve: { bind, ...serve } }) };
}

function completeServer(server: NonNullable<SutFileEntries["server"]>): ServerSut {
  const { conferenceFactory } = server.serviceUris;
  const home = hostOf(conferenceFactory);
  return {
    ...server,
    serviceUris: {
      exploder: conferenceFactory,
      unallocatedFactory: `sip:unallocated-factory@${home}`,
      unallocatedGroup: `sip:unallocated-group@${home}`,
      endedSession: `sip:ended-session@${home}`,
      systemSender: `sip:${home}`,
      ...server.serviceUris,
    },
  };
}

function completeUser(user: SutFileEntries["users"][number]): PooledUser {
  return { ...user, impi: user.impi ?? user.impu.replace(/^sips?:/, "").replace(/[;?].*$/, "") };
}

/** Host of a SIP URI, without port and parameters. */
function hostOf(uri: string): string {
  const hostPart = /^sips?:(?:[^@]*@)?(\[[^\]]*\]|[^:;?]*)/.exec(uri)?.[1];
  return hostPart ?? "";
}

/** Scheme, host and port of a URL. */
function originOf(url: string): string {
  return /^https?:\/\/[^/?#]*/i.exec(url)?.[0] ?? url;
}

/** An IPv6 address stands in brackets within a URL. */
function urlHost(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
