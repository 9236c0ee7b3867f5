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

/**
 * A session is called by the name that `start-session` or `answer-invitations` gave it. Without a name it is the one that was started or accepted
 * last.
 */
export interface NamesSession {
  readonly session?: string;
}

export interface StartSessionAction extends NamesSession {
  readonly action: "start-session";
  /** IM Addresses; a group stands alone. */
  readonly to: readonly string[];
  /** `user`: one-to-one, straight to the user. `list`: an ad-hoc conference of these users. `group`: a pre-defined group, or a public conference. */
  readonly toKind: "user" | "list" | "group";
  /** Ask for privacy of the identity. */
  readonly anonymous?: boolean;
  /** Chat alias: how the others shall see the user. */
  readonly alias?: string;
  /** Media types that the client takes in the session. */
  readonly acceptTypes?: readonly string[];
  /** Octets of the largest message that the client takes. */
  readonly maxSize?: number;
}

/** Into a session that was left, or that ended. */
export interface RejoinSessionAction extends NamesSession {
  readonly action: "rejoin-session";
  /** The IM Session Identity; without one, that which the client has stored. */
  readonly identity?: string;
  readonly anonymous?: boolean;
  readonly alias?: string;
  readonly acceptTypes?: readonly string[];
}

/** Makes a conference of a one-to-one session: its other user comes along, and those in `to`. */
export interface ExtendSessionAction extends NamesSession {
  readonly action: "extend-session";
  readonly to: readonly string[];
  /** Name of the conference. */
  readonly as?: string;
}

export interface SendInSessionAction extends NamesSession {
  readonly action: "send-in-session";
  readonly text: string;
  /** Participants who alone shall get it: a Private Message. Without them it is for everybody. */
  readonly to?: readonly string[];
  /** `success`, `failure`: reports of MSRP. `final`: a Final Delivery Report. */
  readonly report?: readonly ("success" | "failure" | "final")[];
  /** Octets of the text, which is filled up to them. */
  readonly bytes?: number;
  /** Octets of a chunk at most. */
  readonly chunkBytes?: number;
  /** Type of the text; default text/plain. */
  readonly contentType?: string;
  /** Not to be shown before the receiver wants it. */
  readonly attachment?: boolean;
  /** Refer to the content at this URL in place of the text. */
  readonly externalContent?: string;
  /** What becomes of it when so many octets have gone (`afterBytes`): given up, left without an end, or its connection broken off. */
  readonly ends?: "abort" | "hold" | "drop-connection";
  readonly afterBytes?: number;
}

export interface AnswerInvitationsAction extends NamesSession {
  readonly action: "answer-invitations";
  /** `ring`: until `accept-invitation` or `refuse-invitation`. `silence`: nothing at all is sent. */
  readonly answer: "accept" | "ring" | "refuse" | "silence";
  /** Of the refusal; default 480. */
  readonly status?: number;
  /** How long it rings before it is accepted or refused, in milliseconds. */
  readonly ringMs?: number;
  /** Whoever hides the identity is refused. */
  readonly refuseAnonymous?: boolean;
  readonly acceptTypes?: readonly string[];
  readonly maxSize?: number;
}

export type SessionAction =
  | StartSessionAction
  | RejoinSessionAction
  | ExtendSessionAction
  /** Gives the invitation up that has no answer yet. */
  | ({ readonly action: "cancel-session" } & NamesSession)
  | ({ readonly action: "leave-session" } & NamesSession)
  /** Offers other media parameters. */
  | ({
      readonly action: "modify-session";
      readonly acceptTypes?: readonly string[];
      readonly maxSize?: number;
    } & NamesSession)
  /** Refreshes the session before its timer runs out. */
  | ({ readonly action: "refresh-session" } & NamesSession)
  | AnswerInvitationsAction
  /** The invitation that rings. */
  | ({ readonly action: "accept-invitation" } & NamesSession)
  | ({ readonly action: "refuse-invitation"; readonly status?: number } & NamesSession)
  | ({
      readonly action: "add-participants";
      readonly to: readonly string[];
      readonly anonymous?: boolean;
    } & NamesSession)
  | ({ readonly action: "remove-participant"; readonly user: string } & NamesSession)
  /** `identity`: of the session or group, where the client is to be told. */
  | ({ readonly action: "subscribe-participants"; readonly identity?: string } & NamesSession)
  | ({ readonly action: "unsubscribe-participants" } & NamesSession)
  | SendInSessionAction
  /** Tells the others that the user writes, or no longer does. */
  | ({ readonly action: "show-composing"; readonly state: "active" | "idle" } & NamesSession);

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
  | SessionAction
  /** What the user has been shown since the last such question. */
  | { readonly action: "report-inbox" }
  /** Ends what is open and forgets the scenario. */
  | { readonly action: "reset" };

/** What only the server can start in a session; `session` is an IM Session Identity or an IM Group Identity. */
export type ServerSessionAction =
  /** Nobody is invited any more (7.2.2.4). */
  | { readonly action: "cancel-invitations"; readonly session: string }
  /** The session is released so many seconds from now (7.2.2.8). */
  | { readonly action: "limit-session"; readonly session: string; readonly seconds: number }
  /** A system message into the session (7.2.3.5), to everybody or to these. */
  | {
      readonly action: "announce";
      readonly session: string;
      readonly kind: "system-message" | "announcement" | "advertisement";
      readonly text: string;
      readonly to?: readonly string[];
      /** The content lies at this URL, in place of the text. */
      readonly externalContent?: string;
    }
  /** Other media parameters are offered to the participants (7.2.2.6): types that a message may have. */
  | {
      readonly action: "change-session-media";
      readonly session: string;
      readonly acceptTypes: readonly string[];
    }
  /** The document of the group was changed or deleted: the server looks at it again (7.2.2.8). */
  | { readonly action: "group-changed"; readonly group: string };

export type ServerAction =
  | { readonly action: "configure"; readonly set: string }
  | ServerSessionAction
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
  readonly kind:
    | "message"
    | "system-message"
    | "group-advertisement"
    | "delivery-report"
    /** In a session: for everybody in it, or for this user alone. */
    | "session-message"
    | "private-message"
    /** What became of a message of the user's own in a session. */
    | "final-report"
    /** An invitation to a session; `text` is its IM Session Identity. */
    | "invitation";
  readonly text: string;
  readonly subject?: string;
}
