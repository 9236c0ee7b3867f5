/** The same peers elsewhere: other transports, addresses, names, timers, and networks that lose, delay and reorder. */
import type { SutFile } from "../../spec/sut-file.ts";
import type { Variant } from "./variants.ts";

type SutFileChange = (sut: SutFile) => SutFile;

/** What stands in the file, anywhere, by other words. */
function renamed(...words: readonly (readonly [RegExp, string])[]): SutFileChange {
  return (sut) => {
    const text = words.reduce((changed, [from, to]) => changed.replaceAll(from, to), JSON.stringify(sut));
    const read: SutFile = JSON.parse(text);
    return read;
  };
}

function both(...changes: readonly SutFileChange[]): SutFileChange {
  return (sut) => changes.reduce((changed, change) => change(changed), sut);
}

const overTcp: SutFileChange = (sut) => ({
  ...sut,
  ...(sut.server === undefined ? {} : { server: { ...sut.server, transport: "tcp" } }),
  ...(sut.client === undefined ? {} : { client: { ...sut.client, transport: "tcp" } }),
});

/** Guards and timers for networks on which a message may take a while. Milliseconds. */
const patient: SutFileChange = (sut) => ({
  ...sut,
  guards: { responseMs: 40_000, quietMs: 5000, actionMs: 40_000, notifyMs: 40_000, scenarioMs: 600_000 },
  ...(sut.server === undefined
    ? {}
    : { server: { ...sut.server, timers: { ts1Ms: 60_000, ts2Ms: 10_000 } } }),
});

const ofOtherNames = renamed(
  [/home\.example/gu, "IMS.mnc01.mcc240.3gppnetwork.org"],
  [/visited\.example/gu, "im.other-operator.test"],
  [/sip:alice@/gu, "sip:+46700000099;phone-context=x%20y@"],
  [/sip:bob@/gu, "sip:B%6Fb.O'Brien+im@"],
  [/sip:ted@/gu, "sip:ted%3B%40x@"],
  [/sip:carol@/gu, "sip:+1-212-555-1212:1234@"],
  [/sip:group-/gu, "sip:Gruppe%2F"],
  [/sip:factory@/gu, "sip:Conference-Factory_1@"],
);

/** Each function at a port of its own, all of them elsewhere than the core. */
const apart = renamed(
  [/sip:originating@127\.0\.0\.1:15070/gu, "sip:192.0.2.70:5080"],
  [/sip:terminating@127\.0\.0\.1:15070/gu, "sip:term@192.0.2.70:5082"],
  [/sip:psi@127\.0\.0\.1:15070/gu, "sip:192.0.2.71:5060"],
  [/15060/gu, "5060"],
  [/127\.0\.0\.1/gu, "192.0.2.1"],
);

const ipv6 = renamed(
  [/http:\/\/127\.0\.0\.1/gu, "http://[2001:db8::1]"],
  [/@127\.0\.0\.1/gu, "@[2001:db8::1]"],
  [/127\.0\.0\.1/gu, "2001:db8::1"],
);

const shuffled = { delay: [1, 90], reorder: 0.3 } as const;
const lossy = { loss: 0.05, delay: [5, 60], reorder: 0.1 } as const;

type Elsewhere = Omit<Variant, "role" | "alterations">;

const ofServers: readonly Elsewhere[] = [
  {
    name: "serves users that are far away",
    sutFile: patient,
    network: { delay: [200, 600] },
    missesPercent: 5,
  },
  { name: "loses packets on the way", sutFile: patient, network: lossy, seed: 1, missesPercent: 5 },
  { name: "loses other packets on the way", sutFile: patient, network: lossy, seed: 2, missesPercent: 5 },
  { name: "is heard in any order", sutFile: patient, network: shuffled, seed: 4, missesPercent: 5 },
];

const ofClients: readonly Elsewhere[] = [
  { name: "loses packets on the way", sutFile: patient, network: lossy, seed: 3 },
];

const ofBoth: readonly Elsewhere[] = [
  { name: "speaks TCP, in small pieces", sutFile: overTcp, network: { segmentBytes: 100 } },
  { name: "lives at addresses of IP version 6", sutFile: ipv6 },
  {
    name: "has other names and several addresses",
    sutFile: both(ofOtherNames, apart, patient),
    network: { delay: [1, 90] },
    missesPercent: 5,
  },
];

export const surroundings: readonly Variant[] = [
  ...[...ofServers, ...ofBoth].map((one) => ({ ...one, role: "server" as const })),
  ...[...ofClients, ...ofBoth].map((one) => ({ ...one, role: "client" as const })),
];
