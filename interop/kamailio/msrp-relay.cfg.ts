/** The configuration of a Kamailio that is an MSRP relay (RFC 4976) and nothing else. */
import { kamailioHead, type KamailioPlace, loadModules } from "./head.ts";

export interface RelayPlaces extends KamailioPlace {
  readonly realm: string;
  readonly password: string;
  /** Seconds that a client may ask for. */
  readonly minExpires: number;
  readonly maxExpires: number;
}

const MODULES = ["sl", "pv", "textops", "auth", "cfgutils", "htable", "xlog", "msrp"];

export function kamailioMsrpRelay(places: RelayPlaces): string {
  return `${kamailioHead(places, { transports: ["tcp"], children: 1 })}
# MSRP has no Content-Length.
tcp_accept_no_cl=yes
tcp_rd_buf_size=65536
tcp_connection_lifetime=600
${loadModules(MODULES)}
modparam("auth", "qop", "auth")
modparam("auth", "nonce_count", 1)
modparam("htable", "htable", "clients=>size=6;autoexpire=${places.maxExpires};")
${routing(places)}`;
}

function routing(places: RelayPlaces): string {
  return `
request_route { sl_send_reply("403", "MSRP only"); exit; }
reply_route { drop; }

event_route[msrp:frame-in] {
  # Responses go back on the connection of their request, never on a new one.
  msrp_reply_flags("1");
  if (msrp_is_reply()) {
    if ($msrp(nexthops) > 0) msrp_relay();
    exit;
  }
  switch ($msrp(method)) {
    case "AUTH": route(AUTH); break;
    case "SEND": route(FORWARD); break;
    case "REPORT": route(FORWARD); break;
    default: msrp_reply("501", "Method not understood");
  }
}
${authRoute(places)}
# RFC 4976 6.4: each hop answers for itself; what remains of To-Path says where to.
route[FORWARD] {
  if ($msrp(nexthops) > 1) {
    if ($msrp(method) == "SEND") msrp_reply("200", "OK");
    msrp_relay();
    exit;
  }
  $var(client) = $msrp(sessid);
  if ($sht(clients=>$var(client)::address) == $null) {
    if ($msrp(method) == "SEND") msrp_reply("481", "No such session");
    exit;
  }
  if ($msrp(method) == "SEND") msrp_reply("200", "OK");
  msrp_relay_flags("1");
  msrp_set_dst("$sht(clients=>$var(client)::address)", "$sht(clients=>$var(client)::socket)");
  msrp_relay();
}
`;
}

function authRoute({ host, port, realm, password, minExpires, maxExpires }: RelayPlaces): string {
  return `
route[AUTH] {
  if ($msrp(nexthops) > 0) { msrp_relay(); exit; }
  $var(password) = "${password}";
  if (!pv_www_authenticate("${realm}", "$var(password)", "0", "$msrp(method)")) {
    if (auth_get_www_authenticate("${realm}", "1", "$var(challenge)"))
      msrp_reply("401", "Unauthorized", "$var(challenge)");
    else msrp_reply("500", "No challenge");
    exit;
  }
  $var(expires) = ${maxExpires};
  if ($hdr(Expires) != $null) $var(expires) = $(hdr(Expires){s.int});
  if ($var(expires) < ${minExpires}) {
    msrp_reply("423", "Too short", "Min-Expires: ${minExpires}\\r\\n");
    exit;
  }
  if ($var(expires) > ${maxExpires}) {
    msrp_reply("423", "Too long", "Max-Expires: ${maxExpires}\\r\\n");
    exit;
  }
  $var(client) = "c" + $pp + "." + $RANDOM + "." + $TV(u);
  $sht(clients=>$var(client)::address) = $msrp(srcaddr);
  $sht(clients=>$var(client)::socket) = $msrp(srcsock);
  $var(headers) = "Use-Path: msrp://${host}:${port}/" + $var(client) + ";tcp\\r\\nExpires: " + $var(expires) + "\\r\\n";
  msrp_reply("200", "OK", "$var(headers)");
}
`;
}
