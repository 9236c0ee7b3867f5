import type { ItemCounts, ItemResult, ItemVerdict, StatementResult } from "../../judge/results.ts";
import type { Role, Status } from "../../spec/types.ts";

const nothing: ItemCounts = { passed: 0, failed: 0, warned: 0, inconclusive: 0, notExercised: 0, excluded: 0, waiting: 0, of: 0 };

type Row = readonly [id: string, table: string, title: string, role: Role, text: string, status: Status, printed: string, corrected?: string];

const originating = "Originating Client Procedures for Pager Mode";
const participating = "Participating Server Procedures for Pager Mode Messaging";
const explosion = "Originated by the Controlling Function for Pager Mode";

const rows: readonly Row[] = [
  ["IMSpec-SMM-C-001", "B.1.1", "Originating Client Procedures for Session Mode Messaging", "client-originating", "Establishing One to One IM Session", "M", "7.1.1.2"],
  ["IMSpec-PMM-C-001", "B.3.1", originating, "client-originating", "IM Client Sending SIP MESSAGE to one user", "M", "8.1.1"],
  ["IMSpec-PMM-C-005", "B.3.1", originating, "client-originating", "IM Client Sending SIP MESSAGE with external content", "O", "8.1.1"],
  ["IMSpec-PMM-C-007", "B.3.2", "Terminating Client Procedures for Pager Mode", "client-terminating", "IM Client receiving SIP MESSAGE", "M", "8.2.1"],
  ["IMSpec-PMM-S-001", "B.3.3", participating, "participating-originating", "Originating Participating Server receiving a SIP MESSAGE", "M", "6.1.1.3.1"],
  ["IMSpec-PMM-S-002", "B.3.3", participating, "participating-terminating", "Terminating Participating Server receiving a SIP MESSAGE", "M", "6.1.2.1", "6.1.2.3.1, 6.1.2.1"],
  ["IMSpec-GA-S-001", "B.3.3", participating, "participating-terminating", "Originating Participating Server receiving a Group Advertisement", "M", "6.1.2.6"],
  ["IMSpec-PMM-S-003", "B.3.4", "Terminated at the Controlling Function for Pager Mode", "controlling", "Receiving SIP MESSAGE request for group communication", "M", "9.3.1.1", "8.3.1.1"],
  ["IMSpec-PMM-S-004", "B.3.5", explosion, "controlling", "Sending SIP MESSAGE request to each member of the URI-List", "O", "8.3.2.1"],
  ["IMSpec-PMM-S-005", "B.3.5", explosion, "controlling", "Sending SIP MESSAGE request to each member of the Pre-defined Group", "O", "8.3.2.1"],
  ["IMSpec-PMM-S-006", "B.3.5", explosion, "controlling", "Sending SIP MESSAGE request to each member of the on-going SIP Session", "O", "8.3.2.1"],
];

interface Judged {
  readonly verdict: ItemVerdict;
  readonly counts?: Partial<ItemCounts>;
  readonly reason: string;
  readonly statements?: readonly string[];
  readonly scenarios?: readonly string[];
}

const judged: Readonly<Record<string, Judged>> = {
  "IMSpec-SMM-C-001": { verdict: "NOT RUN", reason: "outside the selection" },
  "IMSpec-PMM-C-001": { verdict: "NOT APPLICABLE", reason: "no client under test" },
  "IMSpec-PMM-C-005": { verdict: "NOT APPLICABLE", reason: "no client under test" },
  "IMSpec-PMM-C-007": { verdict: "NOT APPLICABLE", reason: "no client under test" },
  "IMSpec-PMM-S-001": { verdict: "PASS", counts: { passed: 2, of: 2 }, reason: "every observable SHALL was seen to hold", statements: ["6.1.1.3.1-1", "6.1.1.3.1-4"], scenarios: ["s1"] },
  "IMSpec-PMM-S-002": { verdict: "INCONCLUSIVE", counts: { inconclusive: 1, of: 1 }, reason: "the SUT did not answer within 32 s and was found dead", statements: ["6.1.2.3.1-1"], scenarios: ["s3"] },
  "IMSpec-GA-S-001": { verdict: "NOT RUN", reason: "stopped before its turn" },
  "IMSpec-PMM-S-003": { verdict: "PARTIAL", counts: { passed: 1, warned: 1, notExercised: 2, of: 4 }, reason: "2 of 4 statements were not exercised", statements: ["8.3.1.1-12", "8.3.1.1-14", "8.3.1.1-2", "8.3.1.1-3"], scenarios: ["s2"] },
  "IMSpec-PMM-S-004": { verdict: "FAIL", counts: { passed: 1, failed: 1, excluded: 1, waiting: 1, of: 4 }, reason: "8.3.2.1-6: copies keep the Request-URI of the exploder", statements: ["8.3.2.1-6", "8.3.2.1-3", "8.3.2.1-9", "8.3.2.1-10"], scenarios: ["s2"] },
  "IMSpec-PMM-S-005": { verdict: "NOT RUN", reason: "no scenario of it was run" },
  "IMSpec-PMM-S-006": { verdict: "NOT EVALUABLE", reason: "the row depends on an item that exists nowhere in the document" },
};

export const sampleItems: readonly ItemResult[] = rows.map(([id, table, tableTitle, role, text, status, printed, corrected]) => {
  const result = judged[id] ?? { verdict: "NOT RUN", reason: "outside the selection" };
  return {
    id,
    table,
    tableTitle,
    function: text,
    status,
    role,
    clause: { printed, corrected: (corrected ?? printed).split(", ") },
    ...(corrected && { correction: `The document prints ${printed}; the procedure stands in ${corrected}.` }),
    ...(status === "O" && role === "controlling" && { printed: { id, status: "\u041e" } }),
    ...(role === "controlling" && { requirement: { expression: "IMSpec-COR-S-001", dangling: ["IMSpec-COR-S-001"] } }),
    supported: role !== "client-originating" && role !== "client-terminating" && id !== "IMSpec-PMM-S-006",
    verdict: result.verdict,
    counts: { ...nothing, ...result.counts },
    reasons: [result.reason],
    statements: result.statements ?? [],
    scenarios: result.scenarios ?? [],
  };
});

export const sampleGeneral: readonly ItemResult[] = [
  {
    id: "GEN-F.1",
    table: "GEN",
    tableTitle: "General items",
    function: "Release version in User-Agent and Server",
    status: "M",
    role: "any-server",
    clause: { printed: "F.1", corrected: ["F.1"] },
    supported: true,
    verdict: "PASS",
    counts: { ...nothing, passed: 1, of: 1 },
    reasons: ["every observable SHALL was seen to hold"],
    statements: ["F.1-1"],
    scenarios: ["s1"],
  },
];

const bound = (check: string) => ({ kind: "bound", check }) as const;
const empty = { evidence: [], scenarios: [] } as const;

/** Evidence is put in by the sample run, which knows the places. */
export const sampleStatements: readonly StatementResult[] = [
  { id: "6.1.1.3.1-1", clause: "6.1.1.3.1", level: "SHALL", role: "participating-originating", says: "the request is sent on with the sender's asserted identity", disposition: bound("assertedIdentityKept"), items: ["IMSpec-PMM-S-001"], verdict: "pass", expected: "P-Asserted-Identity: sip:alice@home.example", actual: "P-Asserted-Identity: sip:alice@home.example", evidence: [], scenarios: ["s1"] },
  { id: "6.1.1.3.1-4", clause: "6.1.1.3.1", level: "SHALL", role: "participating-originating", says: "the response is sent back along the signalling path", disposition: bound("responseRelayed"), items: ["IMSpec-PMM-S-001"], verdict: "pass", expected: "200", actual: "200", evidence: [], scenarios: ["s1"] },
  { id: "6.1.2.3.1-1", clause: "6.1.2.3.1", level: "SHALL", role: "participating-terminating", says: "the request is sent on to the served user", disposition: bound("deliveredToServedUser"), items: ["IMSpec-PMM-S-002"], verdict: "inconclusive", blame: "rig", expected: "a MESSAGE to Bob", actual: "nothing; the SUT no longer answered OPTIONS", note: "a dead SUT proves nothing about this statement", evidence: [], scenarios: ["s3"] },
  { id: "8.3.1.1-12", clause: "8.3.1.1", level: "SHALL", role: "controlling", says: "an accepted group message is answered with 202", disposition: bound("acceptedAnswered"), items: ["IMSpec-PMM-S-003"], verdict: "pass", expected: "202", actual: "202 Accepted", evidence: [], scenarios: ["s2"] },
  { id: "8.3.1.1-14", clause: "8.3.1.1", level: "SHOULD", role: "controlling", says: "the answer names the server", disposition: bound("serverNamed"), items: ["IMSpec-PMM-S-003"], verdict: "warn", blame: "sut", expected: "a Server header", actual: "no Server header", evidence: [], scenarios: ["s2"] },
  { id: "8.3.1.1-2", clause: "8.3.1.1", level: "SHALL", role: "controlling", says: "an unauthorised sender is refused with 403 and warning 127", disposition: bound("unauthorisedRefused"), items: ["IMSpec-PMM-S-003"], verdict: "not exercised", ...empty },
  { id: "8.3.1.1-3", clause: "8.3.1.1", level: "SHALL", role: "controlling", says: "too many recipients are refused with 486 and warning 102", disposition: bound("tooManyRefused"), items: ["IMSpec-PMM-S-003"], verdict: "not exercised", ...empty },
  { id: "8.3.2.1-6", clause: "8.3.2.1", level: "SHALL", role: "controlling", says: "each copy's Request-URI is the IM Address of its recipient", disposition: bound("requestUriOfCopy"), items: ["IMSpec-PMM-S-004"], verdict: "fail", blame: "sut", expected: "Request-URI sip:bob@home.example", actual: "Request-URI sip:exploder@home.example", evidence: [], scenarios: ["s2"] },
  { id: "8.3.2.1-3", clause: "8.3.2.1", level: "SHALL", role: "controlling", says: "copies of an ad-hoc message carry the sender's authenticated address", disposition: bound("assertedIdentityOfCopy"), items: ["IMSpec-PMM-S-004"], verdict: "pass", expected: "P-Asserted-Identity: sip:alice@home.example", actual: "P-Asserted-Identity: sip:alice@home.example", evidence: [], scenarios: ["s2"] },
  { id: "8.3.2.1-9", clause: "8.3.2.1", level: "SHALL", role: "controlling", says: "charging is told of each copy", disposition: { kind: "excluded", because: "not-observable", note: "charging is internal to the server" }, items: ["IMSpec-PMM-S-004"], verdict: "excluded", ...empty },
  { id: "8.3.2.1-10", clause: "8.3.2.1", level: "SHALL", role: "controlling", says: "copies for a session travel by MSRP", disposition: { kind: "waiting", for: "msrp" }, items: ["IMSpec-PMM-S-004"], verdict: "waiting", ...empty },
  { id: "F.1-1", clause: "F.1", level: "SHALL", role: "any-server", says: "User-Agent and Server carry the release", disposition: bound("releaseToken"), items: ["GEN-F.1"], verdict: "pass", expected: "a product IM-serv/OMA1.0", actual: "IM-serv/OMA1.0", evidence: [], scenarios: ["s1"] },
];
