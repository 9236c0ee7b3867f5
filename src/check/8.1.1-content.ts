/** What the MESSAGE of a client brings: references to content elsewhere, and the wish for delivery reports (clause 8.1.1, steps 8 and 9). */
import type { CpimMessage } from "../wire/cpim/cpim.ts";
import { imdnHeadersOf } from "../wire/cpim/imdn-headers.ts";
import { parseCpim } from "../wire/cpim/parse.ts";
import { header } from "../wire/sip/headers.ts";
import type { SipRequest } from "../wire/sip/message.ts";
import type { Outcome } from "./check.ts";
import { ofMessagesWith, type SentMessage } from "./client-messages.ts";
import { expectThat, missed, noted, passed } from "./outcome.ts";
import { contentsOf, cpimOf, readable } from "./pager-message.ts";

const EXTERNAL_BODY = "message/external-body";
const decoder = new TextDecoder();

const refers = ({ externalContent }: { readonly externalContent: string | undefined }): boolean =>
  externalContent !== undefined;

export const messageRefersToContent = ofMessagesWith(
  "8.1.1-8a",
  refers,
  ({ exchange: { request }, wish }) => {
    const reference = wish.externalContent ?? "";
    const referred = wholeText(request.message).includes(reference);
    const actual = referred ? `it refers to ${reference}` : "the reference is not in the message";
    return noted("a message may refer to content elsewhere", actual, "left to the client", request);
  },
);

export const messageExternalBody = ofMessagesWith("8.1.1-8b", refers, ({ exchange: { request }, wish }) => {
  const expected = `${EXTERNAL_BODY} with access-type=URL and the URL (RFC 4483)`;
  const types = contentsOf(request.message).map(({ type }) => type);
  const wrapped = cpimOf(request.message)?.contentType.type;
  if (![...types, wrapped].includes(EXTERNAL_BODY))
    return missed(
      expected,
      `content of type ${[...types, ...(wrapped === undefined ? [] : [wrapped])].join(", ") || "none"}`,
      request,
    );
  const text = wholeText(request.message);
  const complete = /access-type\s*=\s*"?url/iu.test(text) && text.includes(wish.externalContent ?? "");
  return expectThat(complete, expected, complete ? "so it is" : "without access-type or URL", request);
});

/** Parameters of the type stand in the header of the message, or of a part. */
function wholeText(message: SipRequest): string {
  return `${header(message, "Content-Type") ?? ""}\r\n${decoder.decode(message.body)}`;
}

const DELIVERY = ["positive-delivery", "negative-delivery"];

export const messageDeliveryReportRequest = ofMessagesWith(
  "8.1.1-9",
  ({ report }) => report.some((one) => DELIVERY.includes(one)),
  judgeReportRequest,
);

function judgeReportRequest({ exchange: { request }, wish }: SentMessage): Outcome {
  const asked = wish.report.filter((one) => DELIVERY.includes(one));
  const expected = `message/cpim with Message-ID and Disposition-Notification: ${asked.join(", ")} of IMDN`;
  const strict = cpimOf(request.message);
  const cpim = strict ?? lenientCpim(request.message);
  if (cpim === undefined) return missed(expected, "no CPIM in the body that can be read", request);
  const { messageId, dispositionNotification, dateTime } = imdnHeadersOf(cpim);
  const told = dispositionNotification.map((one) => one.toLowerCase());
  if (messageId === undefined || messageId === "") return missed(expected, "no Message-ID of IMDN", request);
  if (!asked.every((one) => told.includes(one)))
    return missed(expected, `Disposition-Notification: ${told.join(", ") || "none"}`, request);
  if (strict === undefined)
    return noted(expected, "so it is", "without the empty line, as RFC 5438 prints it", request);
  return dateTime === undefined
    ? noted(expected, "so it is", "without DateTime, which RFC 5438 demands", request)
    : passed(expected, "so it is", request);
}

/** What products copied from the examples of RFC 5438. */
function lenientCpim(message: SipRequest): CpimMessage | undefined {
  const wrapped = contentsOf(message).find(({ type }) => type === "message/cpim");
  const leniency = { acceptMissingBlankLine: true, acceptUndeclaredPrefix: true };
  return wrapped === undefined ? undefined : readable(() => parseCpim(wrapped.body, leniency), undefined);
}
