/** What tests of the server say to it, by way of clients and core. */
import type { MessageAction } from "../../spec/actions.ts";
import { warningsOf } from "../../wire/sip/headers.ts";
import type { SipRequest, SipResponse } from "../../wire/sip/message.ts";
import type { Group } from "../../wire/xml/group.ts";
import type { ImClient } from "../im-client/client.ts";
import { GROUP, addressOf } from "../im/test-rig.ts";
import type { PagerRig } from "../im/test-rig.ts";

export const alice = addressOf("alice");
export const bob = addressOf("bob");
export const carol = addressOf("carol");
export const dave = addressOf("dave");
export const ted = addressOf("ted");

export const message = (to: readonly string[], more: Partial<MessageAction> = {}): MessageAction => ({
  action: "send-message",
  to,
  toKind: "user",
  text: "hello",
  ...more,
});

export type Edit = (request: SipRequest) => SipRequest;

/** Sends and gives the final response. */
export async function ask(
  rig: PagerRig,
  client: ImClient,
  action: MessageAction,
  edit?: Edit,
): Promise<SipResponse> {
  const outcome = await rig.until(client.sendMessage(action, edit ? { edit } : {}));
  if (outcome?.kind !== "response") throw new Error("no response");
  return outcome.response;
}

/** The three digits of the warning text. */
export const code = (response: SipResponse): string | undefined => warningsOf(response)[0]?.text.slice(0, 3);

export const configure = (rig: PagerRig, set: string) => rig.server.perform({ action: "configure", set });

/** Alice's group of Alice, Bob and Carol; anonymity is not allowed. */
export function putGroup(rig: PagerRig, more: Partial<Group> = {}): void {
  rig.xdms.putGroup(alice, {
    uri: GROUP,
    members: [{ uri: alice }, { uri: bob }, { uri: carol }],
    rules: [{ id: "members", conditions: { isListMember: true }, actions: { "allow-anonymity": false } }],
    supportedServices: { services: [{ featureTag: "+g.oma.sip-im" }] },
    ...more,
  });
}

export function rejectFrom(rig: PagerRig, owner: string, media: string, sender: string): void {
  const conditions = { identity: { one: [sender] }, media: { media: [media] } };
  rig.xdms.putAccessRules(owner, { rules: [{ id: "r", conditions, actions: { allowRejectInvite: true } }] });
}
