/** What the entries of a SUT file must be to each other, beyond what each is for itself. */
import { evaluateIcs } from "./ics.ts";
import { nearest } from "./nearest.ts";
import { scrItems } from "./scr.ts";
import type { SutFile } from "./sut-file.ts";
import type { Path, UnplacedProblem } from "./sut-file-issues.ts";

/** Every contradiction between entries. `written` tells whether an entry stands in the file or is a default. */
export function contradictionsIn(sut: SutFile, written: (path: Path) => boolean): readonly UnplacedProblem[] {
  return [
    ...someSut(sut),
    ...externalCore(sut),
    ...declaration(sut),
    ...uniqueUsers(sut),
    ...uniqueGroups(sut),
    ...knownUsers(sut),
    ...configurationSets(sut),
    ...systemMessages(sut, written),
    ...ports(sut),
    ...tlsFiles(sut, written),
    ...advertisedAddress(sut),
  ];
}

function contradiction(at: Path, expected: string, came: string, advice: string): UnplacedProblem {
  return { code: "contradiction", at, expected, came, advice };
}

function someSut({ server, client }: SutFile): readonly UnplacedProblem[] {
  if (server !== undefined || client !== undefined) return [];
  return [
    {
      code: "missing",
      at: [],
      expected: "an entry server, an entry client, or both",
      came: "neither",
      advice: "Say what the system under test is.",
    },
  ];
}

function externalCore({ core }: SutFile): readonly UnplacedProblem[] {
  const { kind, address, port } = core;
  if (kind === "scrim")
    return (["address", "serverSide"] as const).flatMap((name) => {
      const advice = `Say kind: external, or take ${name} out.`;
      const given = core[name];
      return given === undefined
        ? []
        : [contradiction(["core", name], `no ${name} where Scrim plays the core`, given, advice)];
    });
  if (address === undefined)
    return [
      {
        code: "missing",
        at: ["core"],
        expected: "the entry address beside kind: external",
        came: "none",
        advice: "Give the SIP URI of the registrar and proxy of the core, such as sip:192.0.2.30:5060.",
      },
    ];
  const own = [core.bind, core.advertised].some((host) => isAt(address, host, port));
  return own
    ? [
        contradiction(
          ["core", "port"],
          "a port of Scrim's own",
          `${port}, where the core is`,
          "Scrim stands before the core: let it listen elsewhere.",
        ),
      ]
    : [];
}

/** Whether a SIP URI names this host and port. */
function isAt(uri: string, host: string, port: number): boolean {
  const [, named = "", at = "5060"] = /^sips?:(?:[^@]*@)?(\[[^\]]*\]|[^:;?]*)(?::(\d+))?/u.exec(uri) ?? [];
  return named.replaceAll(/^\[|\]$/gu, "").toLowerCase() === host.toLowerCase() && Number(at) === port;
}

function declaration(sut: SutFile): readonly UnplacedProblem[] {
  const { claimed, denied } = sut.ics;
  return evaluateIcs(sut).findings.map(({ kind, item, text }) => {
    const list = claimed.includes(item) ? "claimed" : "denied";
    const at = ["ics", list, (list === "claimed" ? claimed : denied).indexOf(item)];
    if (kind !== "unknown-item")
      return contradiction(
        at,
        "a declaration that fits the roles of the SUT",
        text,
        "Take it out of one of them.",
      );
    const near = nearest(
      item,
      scrItems().map(({ id }) => id),
    ).join(", ");
    const advice = near === "" ? "`scrim list` shows all items." : `Did you mean ${near}?`;
    return { code: "wrong-value", at, expected: "an item of Appendix B", came: item, advice };
  });
}

function uniqueUsers({ users }: SutFile): readonly UnplacedProblem[] {
  return repeated(users.map(({ impu }) => impu)).map((index) =>
    contradiction(
      ["users", index, "impu"],
      "each IM Address once",
      `a second ${users[index]?.impu ?? ""}`,
      "A lease must name one subscriber: take one of them out.",
    ),
  );
}

function uniqueGroups({ groups }: SutFile): readonly UnplacedProblem[] {
  return repeated(groups.map(({ uri }) => uri)).map((index) =>
    contradiction(
      ["groups", index, "uri"],
      "each group once",
      `a second ${groups[index]?.uri ?? ""}`,
      "Take one of them out.",
    ),
  );
}

function repeated(values: readonly string[]): readonly number[] {
  return values.flatMap((value, index) => (values.indexOf(value) < index ? [index] : []));
}

function knownUsers({ users, server, client }: SutFile): readonly UnplacedProblem[] {
  const known = new Set(users.map(({ impu }) => impu));
  const unknownClient =
    client === undefined || known.has(client.user)
      ? []
      : [
          contradiction(
            ["client", "user"],
            "the impu of an entry of users",
            client.user,
            "Add that user, or name one that is there.",
          ),
        ];
  const participants = server?.serviceUris.ongoingSession?.participants ?? [];
  return [
    ...unknownClient,
    ...participants.flatMap((impu, index) =>
      known.has(impu)
        ? []
        : [
            contradiction(
              ["server", "serviceUris", "ongoingSession", "participants", index],
              "the impu of an entry of users",
              impu,
              "Scrim plays the participants: add that user.",
            ),
          ],
    ),
  ];
}

function configurationSets({ server }: SutFile): readonly UnplacedProblem[] {
  if (server === undefined) return [];
  const at = ["server", "configurationSets"];
  const names = server.configurationSets.map(({ name }) => name);
  const withoutDefault = names.includes("default")
    ? []
    : [
        contradiction(
          at,
          "a set called default",
          names.join(", ") || "none",
          "Scenarios that ask for nothing special run in the set default.",
        ),
      ];
  const twice = repeated(names).map((index) =>
    contradiction(
      [...at, index, "name"],
      "each set once",
      `a second ${names[index] ?? ""}`,
      "Take one of them out.",
    ),
  );
  const uncontrolled = server.configurationSets.flatMap(({ by }, index) =>
    by === "control" && server.control === undefined
      ? [
          contradiction(
            [...at, index, "by"],
            "always or hand, as there is no server.control",
            "control",
            "Add server.control, or say that a person does it.",
          ),
        ]
      : [],
  );
  return [...withoutDefault, ...twice, ...uncontrolled];
}

function systemMessages({ server }: SutFile, written: (path: Path) => boolean): readonly UnplacedProblem[] {
  const at = ["server", "serviceUris", "systemSender"];
  if (server?.control === undefined || written(at)) return [];
  const advice =
    "With server.control the server can be asked for system messages: say under which identity it sends them.";
  return [{ code: "missing", at, expected: "a SIP URI", came: "nothing", advice }];
}

/** Nobody can send to every address. */
function advertisedAddress({ core }: SutFile): readonly UnplacedProblem[] {
  if (core.advertised !== "0.0.0.0" && core.advertised !== "::") return [];
  const advice = "Scrim listens on every address of this machine: say which of them the SUT sends to.";
  const expected = "the address at which the SUT reaches Scrim";
  return [contradiction(["core", "advertised"], expected, core.advertised, advice)];
}

/** A certificate without its key is of no use, and nobody can be asked for a certificate that no authority vouches for. */
function tlsFiles({ tls }: SutFile, written: (path: Path) => boolean): readonly UnplacedProblem[] {
  if (tls === undefined) return [];
  const pair = (["certificate", "key"] as const).flatMap((name) => {
    const other = name === "key" ? "certificate" : "key";
    if (!written(["tls", name]) || written(["tls", other])) return [];
    const advice = "A certificate and its key go together: name both files, or neither.";
    return [contradiction(["tls", name], `tls.${other} beside it`, "it alone", advice)];
  });
  const needsAuthority = tls.mutual || tls.verify !== "none";
  if (!needsAuthority || tls.ca !== undefined) return pair;
  const at = ["tls", tls.mutual ? "mutual" : "verify"];
  const advice = "Name the file with the authorities that are believed: tls.ca.";
  return [...pair, contradiction(at, "tls.ca beside it", "no tls.ca", advice)];
}

function ports({ core, xdm }: SutFile): readonly UnplacedProblem[] {
  const same =
    core.kind === "scrim" && xdm.kind === "scrim" && core.bind === xdm.bind && core.port === xdm.port;
  return same
    ? [
        contradiction(
          ["xdm", "port"],
          `another port than that of the core, ${core.port}`,
          String(xdm.port),
          "Both are of Scrim on one address: give one of them another port.",
        ),
      ]
    : [];
}
