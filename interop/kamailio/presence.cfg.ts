/** The configuration of a Kamailio that is a presence server: PUBLISH kept by entity tag, SUBSCRIBE answered, NOTIFY sent. */
import { kamailioHead, type KamailioPlace, loadModules } from "./head.ts";

export interface PresencePlaces extends KamailioPlace {
  /** Folder with Kamailio's empty text tables. */
  readonly tables: string;
}

export function kamailioPresence({ host, port, tables }: PresencePlaces): string {
  const modules = ["tm", "sl", "rr", "pv", "textops", "siputils", "db_text", "presence", "presence_xml"];
  return `${kamailioHead({ host, port })}
alias="example.org"
server_header="Server: kamailio"
${loadModules(modules)}
modparam("presence|presence_xml", "db_url", "text://${tables}")
modparam("presence", "server_address", "sip:${host}:${port}")
modparam("presence", "min_expires", 30)
modparam("presence", "min_expires_action", 1)
modparam("presence", "max_expires", 600)
# NOTIFY goes out at once.
modparam("presence", "notifier_processes", 0)
modparam("presence_xml", "force_active", 1)
request_route {
  if (is_method("PUBLISH|SUBSCRIBE")) {
    if (!t_newtran()) { sl_reply_error(); exit; }
    if (is_method("PUBLISH")) handle_publish();
    else handle_subscribe();
    t_release();
    exit;
  }
  if (is_method("ACK")) exit;
  sl_send_reply("405", "Method Not Allowed");
}
`;
}
