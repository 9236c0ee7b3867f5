/** The settings of a linphonec that knows one account and disturbs nobody. */
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Transport } from "../src/net/network.ts";

export interface LinphoneOptions {
  readonly user: string;
  readonly password: string;
  readonly domain: string;
  readonly transport: Transport;
  /** Of the core, on 127.0.0.1. */
  readonly port: number;
  readonly algorithm: "MD5" | "SHA-256";
  /** PEM file of the authority that it believes; needed for TLS. */
  readonly authority?: string;
}

function configuration(options: LinphoneOptions): string {
  const { user, password, domain, transport, port, algorithm, authority } = options;
  const core = `<sip:127.0.0.1:${port};transport=${transport}>`;
  const sections = [
    // Ports -1: any that is free.
    ["[sip]", "default_proxy=0", "sip_port=-1", "sip_tcp_port=-1", "sip_tls_port=-1", "ping_with_options=0"],
    authority === undefined ? [] : [`root_ca=${authority}`, "verify_server_certs=1", "verify_server_cn=0"],
    ["[misc]", "network_reachable=1"],
    ["[auth_info_0]", `username=${user}`, `userid=${user}@${domain}`, `passwd=${password}`],
    [`realm=${domain}`, `domain=${domain}`, `algorithm=${algorithm}`],
    ["[proxy_0]", `reg_proxy=${core}`, `reg_route=${core}`, `reg_identity=<sip:${user}@${domain}>`],
    ["reg_expires=600", "reg_sendregister=1", "publish=0", ""],
  ];
  return sections.flat().join("\n");
}

/** Writes them into its home; gives the arguments to start it with. */
export function linphoneArguments(home: string, options: LinphoneOptions): readonly string[] {
  // It does not make the folder of its message store itself.
  mkdirSync(path.join(home, ".local", "share", "linphone"), { recursive: true });
  const settings = path.join(home, "settings");
  writeFileSync(settings, configuration(options));
  return ["-c", settings, "-d", "0"];
}
