/**
 * Events on a SIP endpoint, all of it: SUBSCRIBE and NOTIFY, REFER with its implicit subscription, PUBLISH. Several can share the dialogs of a
 * user agent; then that one asks `receiveOutside` for what no usage of a dialog has taken.
 */
import type { IncomingRequest } from "../incoming.ts";
import type { Dialogs } from "../user-agent/dialogs.ts";
import { createAgent, type EventAgentOptions } from "./agent.ts";
import { answer } from "./composition.ts";
import { type Compositor, type CompositorOptions, createCompositor } from "./compositor.ts";
import { createNotifier, type EventPackage, type Notifier } from "./notifier.ts";
import { createPublishing, type Publishing, type PublishOptions } from "./publisher.ts";
import { createReferReceiver, type ReceivedRefer, type ReferReceiverOptions } from "./refer-receiver.ts";
import { refer, type ReferOptions, type Referring } from "./referrer.ts";
import { createSubscriber, type SubscribeOptions, type Subscribing } from "./subscriber.ts";

export interface EventAgent {
  readonly dialogs: Dialogs;
  readonly notifier: Notifier;
  subscribe(options: SubscribeOptions): Subscribing;
  /** Serves an event package; the returned function ends that. */
  serve(served: EventPackage): () => void;
  refer(options: ReferOptions): Referring;
  /** Takes the place of the handler before. Without one REFER is none of this agent's business. */
  onRefer(handler: ((received: ReceivedRefer) => void) | undefined): void;
  publish(options: PublishOptions): Publishing;
  /** Takes PUBLISH; several compositors share the packages among them: the first that has the package takes it, else the last one answers. */
  compose(options: CompositorOptions): Compositor;
  /** Takes a request of events: in a dialog of this agent or outside. False: it is none. For an agent with dialogs of its own. */
  receive(incoming: IncomingRequest): boolean;
  /** Takes what no usage of a dialog has taken. */
  receiveOutside(incoming: IncomingRequest): boolean;
  /** Stops all timers; nothing is sent any more by itself. */
  close(): void;
}

const METHODS: ReadonlySet<string> = new Set(["SUBSCRIBE", "NOTIFY", "REFER"]);

export function createEventAgent(options: EventAgentOptions & ReferReceiverOptions): EventAgent {
  const agent = createAgent(options);
  const subscriber = createSubscriber(agent);
  const notifier = createNotifier(agent);
  const refers = createReferReceiver(agent, notifier, options);
  const compositors: { readonly packages: readonly string[]; readonly compositor: Compositor }[] = [];

  const receiveOutside = (incoming: IncomingRequest): boolean => {
    const { method } = incoming.message;
    if (method === "NOTIFY") {
      // RFC 6665 4.1.3: no subscription knows it.
      if (!subscriber.receive(incoming)) answer(agent, incoming, 481);
      return true;
    }
    if (method === "PUBLISH") return takePublish(incoming);
    return notifier.receive(incoming) || refers.receive(incoming);
  };

  const takePublish = (incoming: IncomingRequest): boolean => {
    const event = incoming.message.headers.find(({ name }) => /^(?:event|o)$/i.test(name))?.value;
    const name = event?.split(";")[0]?.trim();
    const chosen =
      compositors.find(({ packages }) => name !== undefined && packages.includes(name)) ?? compositors.at(-1);
    return chosen?.compositor.receive(incoming) ?? false;
  };

  return {
    dialogs: agent.dialogs,
    notifier,
    subscribe: (how) => subscriber.subscribe(how),
    serve: (served) => notifier.serve(served),
    refer: (how) => refer(agent, subscriber, how),
    onRefer: (handler) => refers.onRefer(handler),
    publish: (how) => createPublishing(agent, how),
    compose: (how) => {
      const compositor = createCompositor(agent, how);
      compositors.push({ packages: how.packages, compositor });
      return compositor;
    },
    receiveOutside,
    receive: (incoming) => {
      if (METHODS.has(incoming.message.method) && agent.dialogs.receive(incoming) === "taken") return true;
      return receiveOutside(incoming);
    },
    close: () => agent.alarms.close(),
  };
}
