/** The configuration of a Kamailio that is a stateful proxy on the way of calls: it records itself, follows routes, and forks. */
import { kamailioHead, type KamailioPlace, loadModules } from "./head.ts";

export interface ProxyPlaces extends KamailioPlace {
  /** By user part of the Request-URI: where a call goes, to all of them at once. */
  readonly targets: Readonly<Record<string, readonly string[]>>;
}

const MODULES = ["tm", "sl", "rr", "pv", "maxfwd", "textops", "siputils", "corex", "xlog"];

export function kamailioSessionProxy({ targets, ...place }: ProxyPlaces): string {
  return `${kamailioHead(place)}
${loadModules(MODULES)}
modparam("tm", "auto_inv_100", 1)

request_route {
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
  if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
  if (has_totag()) {
    if (loose_route()) { if (is_method("INVITE|UPDATE")) record_route(); t_relay(); exit; }
    # ACK to a response that this proxy answered for.
    if (is_method("ACK")) { if (t_check_trans()) t_relay(); exit; }
    sl_send_reply("404", "Not Here");
    exit;
  }
  t_check_trans();
  record_route();
${Object.entries(targets).map(fork).join("\n")}
  sl_send_reply("404", "Not Here");
}
`;
}

function fork([user, [first = "", ...others]]: [string, readonly string[]]): string {
  const branches = others.map((target) => `append_branch("${target}");`).join(" ");
  return `  if ($rU == "${user}") { $ru = "${first}"; ${branches} t_relay(); exit; }`;
}
