/**
 * The messages that the codec is measured with: of the sizes and with the header fields that an IM service sends. Left
 * out is what the peers misread, for they would be paid for it: IPv6 addresses in Via, and a second asserted identity.
 */

const crlf = (lines: readonly string[]): string => lines.join("\r\n");

/** A message of these lines, Content-Length added. */
function message(head: readonly string[], body: string): Buffer {
  return Buffer.from(`${crlf([...head, `Content-Length: ${Buffer.byteLength(body)}`])}\r\n\r\n${body}`);
}

const IMS_FIELDS = [
  "P-Charging-Vector: icid-value=AyretyU0dm+6O2IrT5tAFrbHLso;icid-generated-at=192.0.2.10",
  "P-Access-Network-Info: 3GPP-UTRAN-TDD;utran-cell-id-3gpp=234151D0FCE11",
];

const pagerModeMessage = message(
  [
    "MESSAGE sip:bob@example.com SIP/2.0",
    "Via: SIP/2.0/UDP scscf.example.com:5060;branch=z9hG4bK87dz1.2",
    "Via: SIP/2.0/UDP pcscf.example.com:5060;branch=z9hG4bK240f34.1;received=192.0.2.44",
    "Via: SIP/2.0/UDP 192.0.2.101:5060;branch=z9hG4bKnashds7;rport=5061",
    "Max-Forwards: 68",
    "Route: <sip:im@as.example.com;lr;orig>",
    'From: "Alice Example" <sip:alice@example.com>;tag=31415',
    "To: <sip:bob@example.com>",
    "Call-ID: b89rjhnedlrfjflslj40a222@[2001:db8::1]",
    "CSeq: 61 MESSAGE",
    'P-Asserted-Identity: "Alice Example" <sip:alice@example.com>',
    'Accept-Contact: *;+g.oma.sip-im;+g.3gpp.icsi-ref="urn%3Aurn-7%3A3gpp-service.ims.icsi.oma.cpm.msg";require;explicit',
    "User-Agent: IM-client/OMA1.0 acme-phone/4.2",
    "Privacy: none",
    "Allow: INVITE, ACK, BYE, CANCEL, MESSAGE, NOTIFY, OPTIONS, REFER",
    "Expires: 3600",
    "Date: Sat, 13 Nov 2010 23:29:00 GMT",
    ...IMS_FIELDS,
    "Content-Type: text/plain;charset=UTF-8",
  ],
  "Shall we meet at the usual place at noon?",
);

const SDP = crlf([
  "v=0",
  "o=alice 2890844526 2890844526 IN IP4 client.example.com",
  "s=-",
  "c=IN IP4 192.0.2.101",
  "t=0 0",
  "m=message 7654 TCP/MSRP *",
  "a=accept-types:message/cpim text/plain message/imdn+xml",
  "a=path:msrp://client.example.com:7654/jshA7weztas;tcp",
  "a=setup:actpass",
  "a=sendrecv",
  "",
]);
const RESOURCE_LISTS = crlf([
  '<?xml version="1.0" encoding="UTF-8"?>',
  '<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists" xmlns:cp="urn:ietf:params:xml:ns:copycontrol">',
  "  <list>",
  ...["bill", "joe", "ted", "ann", "eve", "bob"].map(
    (user) => `    <entry uri="sip:${user}@example.com" cp:copyControl="to"/>`,
  ),
  "  </list>",
  "</resource-lists>",
  "",
]);

const conferenceInvite = message(
  [
    "INVITE sip:im-conference-factory@example.com SIP/2.0",
    "Via: SIP/2.0/TCP client.example.com:5060;branch=z9hG4bKhjhs8ass83",
    "Max-Forwards: 70",
    "Route: <sip:pcscf.example.com:7531;lr;comp=sigcomp>",
    "Route: <sip:orig@scscf.example.com;lr>",
    'From: "Alice Example" <sip:alice@example.com>;tag=32331',
    "To: IM Conference Factory <sip:im-conference-factory@example.com>",
    "Call-ID: d432fa84b4c76e66710",
    "CSeq: 1 INVITE",
    "Contact: <sip:alice@client.example.com;transport=tcp>;+g.oma.sip-im;expires=3600;q=0.5",
    'P-Preferred-Identity: "Alice Example" <sip:alice@example.com>',
    "Accept-Contact: *;+g.oma.sip-im;require;explicit",
    "Allow: INVITE, ACK, BYE, CANCEL, MESSAGE, NOTIFY, OPTIONS, REFER, UPDATE, PRACK, SUBSCRIBE, PUBLISH",
    "Supported: timer, 100rel, norefersub, replaces",
    "Session-Expires: 1800;refresher=uac",
    "Min-SE: 90",
    "User-Agent: IM-client/OMA1.0 acme-phone/4.2",
    "Privacy: none",
    ...IMS_FIELDS,
    "Require: recipient-list-invite",
    'Content-Type: multipart/mixed;boundary="boundary1"',
  ],
  crlf([
    "--boundary1",
    "Content-Type: application/sdp",
    "",
    SDP,
    "--boundary1",
    "Content-Type: application/resource-lists+xml",
    "Content-Disposition: recipient-list",
    "",
    RESOURCE_LISTS,
    "--boundary1--",
    "",
  ]),
);

const HOPS = ["as", "scscf", "icscf", "ibcf", "ibcf2", "icscf2", "scscf2", "pcscf"];

const longWayBack = message(
  [
    "SIP/2.0 200 OK",
    ...HOPS.map(
      (hop, index) =>
        `Via: SIP/2.0/UDP ${hop}.example.com:506${index};branch=z9hG4bK${hop}.${index}77asjd;received=192.0.2.${index}`,
    ),
    "Via: SIP/2.0/UDP client.example.com;branch=z9hG4bKhjhs8ass83;rport=5060;received=198.51.100.7",
    ...HOPS.map((hop, index) => `Record-Route: <sip:${hop}.example.com:506${index};lr;transport=udp>`),
    'From: "Alice Example" <sip:alice@example.com>;tag=32331',
    'To: "Bob Example" <sip:bob@example.com>;tag=a6c85cf',
    "Call-ID: d432fa84b4c76e66710",
    "CSeq: 1 INVITE",
    'Contact: "Bob" <sip:bob@192.0.2.4:5060;transport=udp>;+g.oma.sip-im;isfocus',
    "Allow: INVITE, ACK, BYE, CANCEL, MESSAGE, NOTIFY, OPTIONS, REFER",
    "Supported: timer, norefersub",
    "Require: timer",
    "Session-Expires: 1800;refresher=uas",
    "Server: IM-serv/OMA1.0 acme/1.2",
    'P-Asserted-Identity: "Bob Example" <sip:bob@example.com>',
    'Warning: 399 as.example.com "one participant could not be reached"',
    "Content-Type: application/sdp",
  ],
  SDP,
);

const CONFERENCE_INFO = crlf([
  '<?xml version="1.0" encoding="UTF-8"?>',
  '<conference-info xmlns="urn:ietf:params:xml:ns:conference-info" entity="sip:conf233@example.com" state="full" version="3">',
  "  <conference-description><subject>Agenda</subject></conference-description>",
  "  <users>",
  ...["alice", "bob", "ted", "ann"].map(
    (user) =>
      `    <user entity="sip:${user}@example.com" state="full"><display-text>${user}</display-text><endpoint entity="sip:${user}@pc.example.com"><status>connected</status></endpoint></user>`,
  ),
  "  </users>",
  "</conference-info>",
  "",
]);

const conferenceNotify = message(
  [
    "NOTIFY sip:alice@client.example.com;transport=tcp SIP/2.0",
    "Via: SIP/2.0/TCP as.example.com:5060;branch=z9hG4bKnotify.1",
    "Via: SIP/2.0/TCP focus.example.com:5060;branch=z9hG4bKnotify.0",
    "Max-Forwards: 69",
    "Route: <sip:scscf.example.com;lr>, <sip:pcscf.example.com;lr>",
    "From: <sip:conf233@example.com>;tag=ABC12",
    "To: <sip:alice@example.com>;tag=31415",
    "Call-ID: b89rjhnedlrfjflslj40a222",
    "CSeq: 112 NOTIFY",
    "Contact: <sip:conf233@focus.example.com>;isfocus",
    "Event: conference;id=7",
    "Subscription-State: active;expires=3599",
    "Allow-Events: conference, refer",
    "User-Agent: IM-serv/OMA1.0",
    "Content-Type: application/conference-info+xml",
  ],
  CONFERENCE_INFO,
);

const refer = message(
  [
    "REFER sip:conf233@example.com SIP/2.0",
    "Via: SIP/2.0/UDP client.example.com:5060;branch=z9hG4bKrefer.1;rport",
    "Max-Forwards: 70",
    "Route: <sip:pcscf.example.com:7531;lr>",
    'From: "Alice Example" <sip:alice@example.com>;tag=32331',
    "To: <sip:conf233@example.com>;tag=a6c85cf",
    "Call-ID: d432fa84b4c76e66710",
    "CSeq: 2 REFER",
    "Contact: <sip:alice@client.example.com>;+g.oma.sip-im",
    "Refer-To: <sip:ted@example.com;method=INVITE>",
    "Referred-By: <sip:alice@example.com>",
    "Refer-Sub: false",
    "Supported: norefersub",
    "Accept-Contact: *;+g.oma.sip-im",
    "P-Preferred-Identity: <sip:alice@example.com>",
    "User-Agent: IM-client/OMA1.0",
  ],
  "",
);

export interface BenchMessage {
  readonly name: string;
  /** The same message many times over, as it comes in a day: each of another transaction and another dialog. */
  readonly variants: readonly Buffer[];
}

const VARIANTS = 40;

export const SIP_MESSAGES: readonly BenchMessage[] = [
  { name: "MESSAGE", bytes: pagerModeMessage },
  { name: "INVITE, SDP and resource-lists", bytes: conferenceInvite },
  { name: "200, 9 Via and 8 Record-Route", bytes: longWayBack },
  { name: "NOTIFY, conference-info", bytes: conferenceNotify },
  { name: "REFER", bytes: refer },
].map(({ name, bytes }) => ({
  name,
  variants: Array.from({ length: VARIANTS }, (_, nth) => variant(bytes, nth)),
}));

/** With branches, tags, Call-ID and CSeq of its own, so that nobody is fast by having read the same before. */
function variant(bytes: Buffer, nth: number): Buffer {
  const unique = `$1${1000 + nth}`;
  return Buffer.from(
    bytes.toString("utf8").replaceAll(/(;branch=z9hG4bK|;tag=|\r\nCall-ID: |\r\nCSeq: )/g, unique),
  );
}
