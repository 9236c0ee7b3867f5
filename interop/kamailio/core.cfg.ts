/**
 * The configuration of a Kamailio that is the SIP/IP Core: registrar with digest, proxy with Record-Route, filter criteria of TS Appendix C,
 * asserted identities, Service-Route and Path, third-party REGISTER. Written for one lab: users, services and ports stand in it.
 */
import { serviceUris } from "../../src/spec/service-uris.ts";
import type { SutFile } from "../../src/spec/sut-file.ts";
import { kamailioHead, type KamailioPlace, loadModules } from "./head.ts";

/** Where Kamailio listens, UDP and TCP. */
export interface KamailioPlaces extends KamailioPlace {
  /** What no client can guess: it stands in the Route entries by which Kamailio knows its own requests again. */
  readonly secret: string;
}

/** The text of `core.cfg` for the lab that a SUT file describes; Scrim's ISC is at `core.advertised` and `core.port`. */
export function kamailioCore(sutFile: SutFile, places: KamailioPlaces): string {
  return [
    globals(sutFile, places),
    loadModules(MODULES),
    parameters(sutFile),
    tables(sutFile),
    routing(sutFile, places),
  ].join("\n");
}

function globals({ core }: SutFile, place: KamailioPlaces): string {
  return `${kamailioHead(place)}
alias="${core.homeDomain}"
alias="${core.remoteDomain}"
server_header="Server: kamailio"
# RFC 3261 18.1.1: what is too large for UDP goes over TCP.
udp_mtu=${core.udpLimitBytes}
udp_mtu_try_proto=TCP
tcp_connection_lifetime=3605
`;
}

const MODULES = [
  "tm",
  "tmx",
  "sl",
  "rr",
  "pv",
  "maxfwd",
  "textops",
  "textopsx",
  "siputils",
  "usrloc",
  "registrar",
  "auth",
  "htable",
  "uac",
  "xlog",
];

function parameters({ core }: SutFile): string {
  return `
modparam("usrloc", "db_mode", 0)
modparam("usrloc", "use_domain", 1)
modparam("registrar", "default_expires", ${core.registrationExpiresS})
modparam("registrar", "max_expires", ${core.registrationExpiresS})
# RFC 3327: the Path is kept, and used for what goes to the client.
modparam("registrar", "use_path", 1)
modparam("registrar", "path_mode", 1)
modparam("registrar", "received_avp", "$avp(received)")
modparam("tm", "fr_timer", 32000)
modparam("tm", "auto_inv_100", 1)
# user: that there is one; password, impi, tel: of an address of record; sip: address of record of a telephone number.
modparam("htable", "htable", "user=>size=8")
modparam("htable", "htable", "password=>size=8")
modparam("htable", "htable", "impi=>size=8")
modparam("htable", "htable", "tel=>size=8")
modparam("htable", "htable", "sip=>size=8")
# service: public service identities, which belong to the application server.
modparam("htable", "htable", "service=>size=8")
# entry: address of record of a Service-Route; im: whether the application server was told of the registration.
modparam("htable", "htable", "entry=>size=8")
modparam("htable", "htable", "im=>size=8")
`;
}

function tables(sutFile: SutFile): string {
  const rows = sutFile.users.flatMap(({ impu, impi, password, tel }) => [
    entry("user", impu, "1"),
    entry("impi", impu, impi),
    ...(password === undefined || !sutFile.core.digest ? [] : [entry("password", impu, password)]),
    ...(tel === undefined ? [] : [entry("tel", impu, tel), entry("sip", tel, impu)]),
  ]);
  return `
event_route[htable:mod-init] {
${[...rows, ...serviceUris(sutFile).map((uri) => entry("service", uri, "1"))].join("\n")}
}
`;
}

function entry(table: string, key: string, value: string): string {
  for (const text of [key, value])
    if (/["\\$\s]/u.test(text)) throw new Error(`${text} cannot stand in a configuration of Kamailio`);
  return `  $sht(${table}=>${key}) = "${value}";`;
}

const IM_TAG = String.raw`(^|[;, ])\+g\.oma\.sip-im([;,= ]|$)`;
const SYSTEM_MESSAGE_TAG = String.raw`(^|[;, ])\+g\.oma\.sip-im\.system-message([;,= ]|$)`;

interface Routing {
  readonly core: SutFile["core"];
  readonly places: KamailioPlaces;
  /** Where Scrim stands as the application server. */
  readonly isc: string;
}

function routing({ core }: SutFile, places: KamailioPlaces): string {
  const parts: Routing = { core, places, isc: `${core.advertised}:${core.port}` };
  return [arrival(parts), registrar(parts), criteria(parts), delivery(parts)].join("\n");
}

function arrival({ places: { secret }, isc }: Routing): string {
  const fromIsc = String.raw`^SIP/2\.0/[A-Z]+ +${isc.replaceAll(".", String.raw`\.`)}([; ]|$)`;
  return `
request_route {
  if (!mf_process_maxfwd_header("70")) { sl_send_reply("483", "Too Many Hops"); exit; }
  if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
  if (has_totag()) { route(WITHIN); exit; }
  if (t_precheck_trans()) { t_check_trans(); exit; }
  t_check_trans();
  if (is_method("REGISTER")) { route(REGISTRAR); exit; }
  if (is_method("OPTIONS") && uri == myself && $rU == $null) { sl_send_reply("200", "OK"); exit; }

  # Who it comes from, by the Route entry of this core at its top.
  $var(entry) = "none";
  if (is_present_hf("Route")) $var(entry) = $(route_uri{uri.user});
  $var(done) = "nothing";
  $var(from_server) = 0;
  loose_route();
  if ($var(entry) == "orig-${secret}") { $var(done) = "originating"; route(TERMINATING); exit; }
  if ($var(entry) == "term-${secret}") { $var(done) = "terminating"; route(TERMINATING); exit; }
  if ($sht(entry=>$var(entry)) != $null) { route(ORIGINATING); exit; }
  # What the application server sends of its own accord. Its Via is believed: this is a lab on one machine.
  if ($hdr(Via) =~ "${fromIsc}") { $var(from_server) = 1; route(TERMINATING); exit; }
  sl_send_reply("403", "Not Registered");
}
`;
}

function registrar({ core, places: { host, port, secret }, isc }: Routing): string {
  return `
# Requests in dialogs follow their route set. A session identity of the home domain is a remote target like any other: it does not show a
# strict router (mode 1).
route[WITHIN] {
  if (is_method("ACK") && t_check_trans()) { t_relay(); exit; }
  if (!loose_route_mode("1")) { if (!is_method("ACK")) sl_send_reply("481", "Call/Transaction Does Not Exist"); exit; }
  route(RELAY);
}

route[REGISTRAR] {
  $var(aor) = "sip:" + $(tU) + "@" + $(td);
  if ($sht(user=>$var(aor)) == $null) { sl_send_reply("404", "Not Found"); exit; }
  $var(password) = $sht(password=>$var(aor));
  if ($sht(password=>$var(aor)) != $null) {
    if (!pv_www_authenticate("$td", "$var(password)", "0")) { www_challenge("$td", "1"); exit; }
    if ($aU != $sht(impi=>$var(aor))) { sl_send_reply("403", "Forbidden"); exit; }
    consume_credentials();
  }
  # Each user has an entry of its own, by which its requests are known (RFC 3608).
  $var(entry) = "ue-" + $(var(aor){s.md5}) + "-${secret}";
  $sht(entry=>$var(entry)) = $var(aor);
  append_to_reply("Service-Route: <sip:$var(entry)@${host}:${port};lr>\\r\\n");
  if ($sht(tel=>$var(aor)) != $null) append_to_reply("P-Associated-URI: <$var(aor)>, <$sht(tel=>$var(aor))>\\r\\n");
  else append_to_reply("P-Associated-URI: <$var(aor)>\\r\\n");
  if (!save("location")) { sl_reply_error(); exit; }
  route(TELL_SERVER);
}

# Third-party REGISTER: what lasts of the registration for IM, and its end (TS 5.3).
route[TELL_SERVER] {
  if ($td != "${core.homeDomain}") return;
  $var(seconds) = $(hdr(Expires){s.int});
  if ($hdr(Expires) == $null) $var(seconds) = ${core.registrationExpiresS};
  $var(own) = $(ct{re.subst,/^.*;[ ]*expires=([0-9]+).*$/\\1/i});
  if ($var(own) =~ "^[0-9]+$") $var(seconds) = $(var(own){s.int});
  if ($var(seconds) > ${core.registrationExpiresS}) $var(seconds) = ${core.registrationExpiresS};
  if (!($(hdr(Contact)[*]) =~ "${IM_TAG}")) $var(seconds) = 0;
  if ($var(seconds) == 0 && $sht(im=>$var(aor)) == $null) return;
  if ($var(seconds) == 0) $sht(im=>$var(aor)) = $null;
  else $sht(im=>$var(aor)) = 1;
  $uac_req(all) = $null;
  $uac_req(method) = "REGISTER";
  $uac_req(ruri) = "sip:${isc}";
  $uac_req(furi) = "sip:${host}:${port}";
  $uac_req(turi) = $var(aor);
  $uac_req(sock) = "udp:${host}:${port}";
  $uac_req(hdrs) = "Contact: <sip:${host}:${port}>\\r\\nExpires: " + $var(seconds) + "\\r\\n";
  uac_req_send();
}
`;
}

function criteria({ core, places: { host, port, secret }, isc }: Routing): string {
  return `
# From a registered client: who it is, and whether the criteria want the server to see it (TS C.2).
route[ORIGINATING] {
  $var(served) = $sht(entry=>$var(entry));
  if (!registered("location", "$var(served)")) { sl_send_reply("403", "Not Registered"); exit; }
  remove_hf("P-Asserted-Identity");
  remove_hf("P-Preferred-Identity");
  remove_hf("P-Charging-Vector");
  append_hf("P-Asserted-Identity: <$var(served)>\\r\\n");
  if ($sht(tel=>$var(served)) != $null) append_hf("P-Asserted-Identity: <$sht(tel=>$var(served))>\\r\\n");
  append_hf("P-Charging-Vector: icid-value=$(ci{s.md5});icid-generated-at=${host}\\r\\n");
  $var(case) = 0;
  if ($(hdr(Accept-Contact)[*]) =~ "${IM_TAG}") {
    if (is_method("INVITE|MESSAGE|SUBSCRIBE|REFER")) $var(case) = 1;
    if (is_method("PUBLISH") && $hdr(Event) =~ "^poc-settings") $var(case) = 1;
  }
  if ($var(case) == 1 && $(var(served){uri.domain}) == "${core.homeDomain}") {
    append_hf("Route: <sip:originating@${isc};lr>, <sip:orig-${secret}@${host}:${port};lr>\\r\\n");
    route(TO_ISC);
  }
  route(TERMINATING);
}

# For whom it is: a service of the server, a user whose criteria want the server to see it (TS C.3), or a user's terminals.
route[TERMINATING] {
  $var(aor) = "sip:" + $rU + "@" + $rd;
  if ($ru =~ "^tel:") $var(aor) = $sht(sip=>$ru);
  # Sessions have identities that the server makes as they begin, known by how they look.
  if ($sht(service=>$var(aor)) != $null || ($rU =~ "^im-session-" && $rd == "${core.homeDomain}")) {
    append_hf("Route: <sip:psi@${isc};lr>\\r\\n");
    route(TO_ISC);
  }
  if ($sht(user=>$var(aor)) == $null) { sl_send_reply("404", "Not Found"); exit; }
  $var(case) = 0;
  if (is_method("INVITE|MESSAGE|SUBSCRIBE|REFER") && $(hdr(Accept-Contact)[*]) =~ "${IM_TAG}") $var(case) = 1;
  if (is_method("MESSAGE") && $var(from_server) == 1 && $(hdr(Accept-Contact)[*]) =~ "${SYSTEM_MESSAGE_TAG}") $var(case) = 1;
  if ($var(case) == 1 && $var(done) != "terminating" && $(var(aor){uri.domain}) == "${core.homeDomain}") {
    append_hf("Route: <sip:terminating@${isc};lr>, <sip:term-${secret}@${host}:${port};lr>\\r\\n");
    route(TO_ISC);
  }
  if (is_method("PUBLISH") && $hdr(Event) =~ "^presence") {
    append_to_reply("SIP-ETag: $(ci{s.md5})\\r\\nExpires: 3600\\r\\n");
    sl_send_reply("200", "OK");
    exit;
  }
  if (is_method("PUBLISH|SUBSCRIBE")) {
    append_to_reply("Allow-Events: presence\\r\\n");
    sl_send_reply("489", "Bad Event");
    exit;
  }
  route(DELIVER);
}
`;
}

function delivery({ isc }: Routing): string {
  return `
# To the terminals of a user, without what is the network's own business.
route[DELIVER] {
  $var(called) = $ru;
  $avp(called) = $var(aor);
  if (!lookup("location", "$var(aor)")) { sl_send_reply("480", "Temporarily Unavailable"); exit; }
  remove_hf("P-Called-Party-ID");
  append_hf("P-Called-Party-ID: <$var(called)>\\r\\n");
  remove_hf("P-Charging-Vector");
  remove_hf("P-Charging-Function-Addresses");
  if ($(hdr(Privacy)[*]) =~ "(^|[;, ])id([;, ]|$)") remove_hf("P-Asserted-Identity");
  t_on_reply("OF_TERMINAL");
  route(RELAY);
}

# What a terminal answers is asserted as what it sends is.
onreply_route[OF_TERMINAL] {
  remove_hf("P-Asserted-Identity");
  remove_hf("P-Preferred-Identity");
  append_hf("P-Asserted-Identity: <$avp(called)>\\r\\n");
}

route[TO_ISC] {
  $du = "sip:${isc}";
  route(RELAY);
}

route[RELAY] {
  if (is_method("INVITE|SUBSCRIBE|REFER") && !has_totag()) record_route();
  if (!t_relay()) sl_reply_error();
  exit;
}
`;
}
