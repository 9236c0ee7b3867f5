/**
 * The dialogs of one endpoint. Each is shared by its usages (RFC 5057): an INVITE session, subscriptions, REFER. The dialog lives as long as
 * one of them does. What is common to all is done here: sequence numbers, route set, remote target, who a request is for.
 */
import { confirmed, type Dialog, withTargetOf } from "../../machine/dialog/dialog.ts";
import { type DialogId, dialogIdOf, dialogKey } from "../../machine/dialog/dialog-id.ts";
import { failureScope } from "../../machine/dialog/failure-scope.ts";
import { received, type RequestParts, requestInDialog } from "../../machine/dialog/in-dialog.ts";
import type { Hop } from "../../net/network.ts";
import { sipResponse } from "../../wire/sip/build.ts";
import type { SipMessage, SipRequest, SipResponse } from "../../wire/sip/message.ts";
import { type Annotation, mergeAnnotations } from "../crossing.ts";
import type { IncomingRequest } from "../incoming.ts";
import type { OutgoingRequest, SendOptions } from "../request-sender.ts";
import type { SipEndpoint } from "../sip-endpoint.ts";
import { nextHop } from "./next-hop.ts";

/** Something that lives in a dialog. */
export interface DialogUsage {
  /** For reports: `INVITE`, `subscription conference`. */
  readonly name: string;
  /** Takes a request that came in the dialog, in order, if it is for this usage: true, and it will answer. */
  receive(incoming: IncomingRequest): boolean;
  /** A failure took the whole dialog down (RFC 5057 5.1). `status`: of the final response that did. */
  dialogFailed?(status: number): void;
}

export type InDialogSendOptions = Omit<SendOptions, "to"> & {
  /** In place of where the route set or the target leads. */
  readonly to?: Hop;
};

export interface DialogHandle {
  /** As it is now. */
  readonly dialog: Dialog;
  readonly usages: readonly DialogUsage[];
  /** Put on every request sent in the dialog; that of the single request wins. */
  annotation: Annotation | undefined;
  /** Where a request goes when the URI of its next hop is no address. */
  hop: Hop;
  /** A 2xx to the request that made the dialog came: see `confirmed` in the machine. */
  confirm(response: SipResponse): void;
  /** Puts another value in the place of the dialog; its identity must be the same. */
  replace(dialog: Dialog): void;
  /** Adds a usage; the returned function removes it, and with the last one the dialog. */
  attach(usage: DialogUsage): () => void;
  /** The next request of the dialog, its sequence number taken. */
  compose(parts: RequestParts): SipRequest;
  /** Sends what {@link compose} made, perhaps edited since. ACK goes without a transaction. */
  send(request: SipRequest, options?: InDialogSendOptions): OutgoingRequest;
}

export type Reception =
  /** A usage answers it, or it was refused with 500 because it is out of order. */
  | "taken"
  /** In a dialog known here, but no usage wants it. */
  | "unclaimed"
  /** In no dialog known here, or in none at all. */
  | "unknown";

export interface Dialogs {
  readonly size: number;
  /** Adds a dialog, or finds the one of the same identity. `hop`: where the other end was reached last. */
  open(dialog: Dialog, hop: Hop, annotation?: Annotation): DialogHandle;
  find(id: DialogId): DialogHandle | undefined;
  /** The dialog that a message which came in belongs to. */
  of(message: SipMessage): DialogHandle | undefined;
  receive(incoming: IncomingRequest): Reception;
}

export interface DialogsOptions {
  readonly endpoint: Pick<SipEndpoint, "send">;
  /** Where a request goes; default: the address in its first Route or Request-URI, else `known`. */
  readonly nextHop?: ((request: SipRequest, known: Hop) => Hop) | undefined;
  /** Whether requests that are out of order get 500 (RFC 3261 12.2.2). Default true; else they are given to the usages. */
  readonly keepOrder?: boolean | undefined;
}

export function createDialogs(options: DialogsOptions): Dialogs {
  const handles = new Map<string, DialogHandle>();
  const { keepOrder = true } = options;

  const find = (id: DialogId): DialogHandle | undefined => handles.get(dialogKey(id));
  const of = (message: SipMessage): DialogHandle | undefined => {
    const id = dialogIdOf(message);
    return id === undefined ? undefined : find(id);
  };

  return {
    get size() {
      return handles.size;
    },
    open: (dialog, hop, annotation) => {
      const key = dialogKey(dialog);
      const known = handles.get(key);
      if (known !== undefined) return known;
      const handle = createHandle({ dialog, hop, annotation: lasting(annotation) }, options, () =>
        handles.delete(key),
      );
      handles.set(key, handle);
      return handle;
    },
    find,
    of,
    receive: (incoming) => {
      const handle = of(incoming.message);
      if (handle === undefined) return "unknown";
      const verdict = received(handle.dialog, incoming.message);
      if (!verdict.inOrder && keepOrder) {
        incoming.respond(sipResponse(incoming.message, 500));
        return "taken";
      }
      if (verdict.inOrder) handle.replace(withTargetOf(verdict.dialog, incoming.message));
      return handle.usages.some((usage) => usage.receive(incoming)) ? "taken" : "unclaimed";
    },
  };
}

/** A stimulus is carried out by one message, not by a dialog. */
function lasting(annotation: Annotation | undefined): Annotation | undefined {
  if (annotation?.stimulus === undefined) return annotation;
  const { stimulus: _, ...rest } = annotation;
  return rest;
}

interface Beginning {
  readonly dialog: Dialog;
  readonly hop: Hop;
  readonly annotation: Annotation | undefined;
}

function createHandle(
  { dialog: first, hop, annotation }: Beginning,
  { endpoint, nextHop: choose = nextHop }: DialogsOptions,
  forget: () => void,
): DialogHandle {
  let dialog = first;
  let usages: readonly DialogUsage[] = [];

  const detach = (usage: DialogUsage): void => {
    const left = usages.filter((one) => one !== usage);
    if (left.length === usages.length) return;
    usages = left;
    if (usages.length === 0) forget();
  };

  const fail = (request: SipRequest, { status }: SipResponse): void => {
    if (status < 300 || failureScope(status) !== "dialog" || request.method === "BYE") return;
    for (const usage of usages) usage.dialogFailed?.(status);
  };

  const handle: DialogHandle = {
    get dialog() {
      return dialog;
    },
    get usages() {
      return usages;
    },
    annotation,
    hop,
    confirm: (response) => void (dialog = confirmed(dialog, response)),
    replace: (next) => void (dialog = next),
    attach: (usage) => {
      usages = [...usages, usage];
      return () => detach(usage);
    },
    compose: (parts) => {
      const made = requestInDialog(dialog, parts);
      dialog = made.dialog;
      return made.request;
    },
    send: (request, options = {}) => {
      const noted = mergeAnnotations(handle.annotation, options.annotation);
      return endpoint.send(request, {
        ...options,
        to: options.to ?? choose(request, handle.hop),
        ...(noted === undefined ? {} : { annotation: noted }),
        onResponse: (response) => {
          // The ACK of a re-INVITE goes to the target that its 2xx names (RFC 3261 13.2.2.4).
          dialog = withTargetOf(dialog, response);
          options.onResponse?.(response);
          fail(request, response);
        },
      });
    },
  };
  return handle;
}
