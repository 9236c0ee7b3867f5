import { describe, expect, it } from "vitest";
import { readSutFileText } from "./sut-file-reader.ts";
import { sutFileTemplate } from "./sut-file-template.ts";
import { zoneFileText } from "./zone-file.ts";
import { zonesOf } from "./zones.ts";

/** The template with other entries in `core`, and with what stands behind it. */
function sutFile(core: string, more = ""): ReturnType<typeof readSutFileText> {
  const text = sutFileTemplate("server").replace(/ {2}bind: .*/, core);
  return readSutFileText(`${text}\n${more}`);
}

describe("the zones of a SUT file", () => {
  it("lead to the core by NAPTR, SRV and address, in a master file", () => {
    const [home, visited] = zonesOf(sutFile("  bind: 192.0.2.1"));
    expect(visited?.origin).toBe("visited.example");
    expect(zoneFileText(home === undefined ? [] : [home]).split("\n")).toEqual([
      "$ORIGIN home.example.",
      "home.example.           60 IN SOA   core.home.example. hostmaster.home.example. ( 1 3600 600 86400 60 )",
      "home.example.           60 IN NS    core.home.example.",
      'home.example.           60 IN NAPTR 10 10 "s" "SIP+D2U" "" _sip._udp.home.example.',
      'home.example.           60 IN NAPTR 10 20 "s" "SIP+D2T" "" _sip._tcp.home.example.',
      "_sip._udp.home.example. 60 IN SRV   10 100 5060 core.home.example.",
      "_sip._tcp.home.example. 60 IN SRV   10 100 5060 core.home.example.",
      "home.example.           60 IN A     192.0.2.1",
      "core.home.example.      60 IN A     192.0.2.1",
      "",
    ]);
  });

  it("name the advertised address, of either version, or the name", () => {
    const records = (core: string) => zonesOf(sutFile(core))[0]?.records ?? [];
    const v6 = records('  bind: 0.0.0.0\n  advertised: "2001:db8::1"');
    expect(v6.filter(({ type }) => type === "AAAA").map(({ data }) => data)).toEqual([
      "2001:db8::1",
      "2001:db8::1",
    ]);
    const named = records("  bind: 0.0.0.0\n  advertised: scrim.lab.example");
    expect(named.filter(({ type }) => type === "A" || type === "AAAA")).toEqual([]);
    expect(named.find(({ type }) => type === "SRV")?.data).toMatchObject({ target: "scrim.lab.example" });
  });

  it("put the transport of the SUT first, and TLS on its own port", () => {
    const text = sutFileTemplate("server").replace("transport: udp", "transport: tls");
    const records = zonesOf(readSutFileText(text))[0]?.records ?? [];
    const services = records.flatMap((record) => (record.type === "NAPTR" ? [record.data.services] : []));
    expect(services).toEqual(["SIPS+D2T", "SIP+D2U", "SIP+D2T"]);
    const ports = records.flatMap((record) => (record.type === "SRV" ? [record.data.port] : []));
    expect(ports).toEqual([5061, 5060, 5060]);
  });
});
