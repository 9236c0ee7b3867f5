/**
 * The action vocabulary, version 1: what a client trigger or a control hook of a server can be asked. One JSON object an action, one an answer.
 * `docs/actions.schema.json` is the published form.
 */
export const ACTIONS_VERSION = 1;

export interface MessageAction {
  readonly action: "send-message";
  /** IM Addresses; several make a URI-list. A group or a session identity stands alone. */
  readonly to: readonly string[];
  readonly toKind: "user" | "group" | "session";
  readonly text: string;
  readonly anonymous?: boolean;
  /** Ask for delivery notifications. */
  readonly report?: readonly ("positive-delivery" | "negative-delivery" | "display")[];
  /** Refer to content stored elsewhere, by its URL, in place of the text. */
  readonly externalContent?: string;
  readonly contentType?: string;
}

export interface Settings {
  readonly barSessions: boolean;
  readonly barMessages: boolean;
  readonly invisible: boolean;
  readonly offlineDelivery: boolean;
  readonly recordSessions: boolean;
  readonly recordMessages: boolean;
}

export type ClientAction =
  | { readonly action: "register" }
  /** Renews the registration before it expires. */
  | { readonly action: "refresh-registration" }
  /** Leaves the IM service; the terminal stays registered with the core. */
  | { readonly action: "leave-im-service" }
  | { readonly action: "deregister" }
  | { readonly action: "publish-settings"; readonly settings: Settings }
  | MessageAction
  /** What the user has been shown since the last such question. */
  | { readonly action: "report-inbox" }
  /** Ends what is open and forgets the scenario. */
  | { readonly action: "reset" };

export type ServerAction =
  | { readonly action: "configure"; readonly set: string }
  | {
      readonly action: "send-system-message";
      readonly to: readonly string[];
      readonly text: string;
      /** Content that is large or asks for interaction lies outside the message, at this URL. */
      readonly externalContent?: string;
      readonly responseRequired: boolean;
    }
  | { readonly action: "reset" }
  | { readonly action: "dump-state" };

export type Action = ClientAction | ServerAction;

export interface ActionAnswer {
  readonly version: typeof ACTIONS_VERSION;
  readonly ok: boolean;
  /** In case of `ok: false`: `unsupported` (the SUT cannot do this) or `failed`. */
  readonly code?: "unsupported" | "failed";
  readonly says?: string;
  readonly inbox?: readonly InboxEntry[];
}

export interface InboxEntry {
  readonly from: string;
  readonly kind: "message" | "system-message" | "group-advertisement" | "delivery-report";
  readonly text: string;
  readonly subject?: string;
}
