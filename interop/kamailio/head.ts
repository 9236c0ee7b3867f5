/** How every configuration of Kamailio in these tests begins: few processes, no names, one place to listen. */
export interface KamailioPlace {
  readonly host: string;
  readonly port: number;
}

export function kamailioHead(
  { host, port }: KamailioPlace,
  {
    transports = ["udp", "tcp"],
    children = 2,
  }: { readonly transports?: readonly string[]; readonly children?: number } = {},
): string {
  return `#!KAMAILIO
debug=1
log_stderror=yes
children=${children}
tcp_children=2
auto_aliases=no
dns=no
rev_dns=no
${transports.map((transport) => `listen=${transport}:${host}:${port}`).join("\n")}`;
}

export function loadModules(names: readonly string[]): string {
  return names.map((name) => `loadmodule "${name}.so"`).join("\n");
}
